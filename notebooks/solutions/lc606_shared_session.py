"""LC606 shared-session: the solution of the exercise, why it works, and one other good way.

What was missing: the tests only checked answers, one person at a time. With one session for all,
each person still gets the right answer. The database loses a lease, and only if the same call
refuses somebody: the rollback is for the whole transaction.

What changed: Ada and Ben call at once, in both orders, because this kind of fault may show in only
one of them. Then the test reads the database through its own session, which sees committed rows.

Another good way: count what the server sees. One transaction for each person must begin and end;
SQLAlchemy reports it with `event.listens_for(engine.sync_engine, "commit")`.
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
