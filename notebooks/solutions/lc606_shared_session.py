"""LC606 shared-session: the solution of the exercise, why it works, and one other good way.

What was missing: the tests asked for answers only, one person at a time. With one session for
everybody each person still hears the right thing. What is lost is lost in the database, and only
when somebody is refused in the same call: the rollback is for the whole transaction.

What changed: Ada and Ben ask at once, in both orders, since a fault like this may show in one of
them alone. Then the database is asked, through a session of its own, which sees what is committed.

Another good way: count what the server sees. One transaction for each person must begin and end;
SQLAlchemy tells it by `event.listens_for(engine.sync_engine, "commit")`.
"""

import pytest
from allotment import holder, lease_all

pytestmark = pytest.mark.asyncio


async def test_ada_leases_a_plot(sessions):
    assert await lease_all(sessions, {"Ada": 1}) == {"Ada": "yours"}
    assert await holder(sessions, 1) == "Ada"


async def test_a_plot_that_is_taken(sessions):
    assert await lease_all(sessions, {"Ben": 2}) == {"Ben": "taken"}
    assert await holder(sessions, 2) == "Eve"


@pytest.mark.parametrize("wishes", [{"Ada": 1, "Ben": 2}, {"Ben": 2, "Ada": 1}])
async def test_who_is_refused_undoes_nothing(sessions, wishes):
    assert await lease_all(sessions, wishes) == {"Ada": "yours", "Ben": "taken"}
    assert await holder(sessions, 1) == "Ada"
