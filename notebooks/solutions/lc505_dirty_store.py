"""LC505 dirty-store: the solution of the exercise, why it works, and one other good way.

What was wrong: `join` commits its row, so the row stays when the test is over. The second test
met it, and was refused. Behind that stood a second store: `remembered` lives as long as its module
and answered for a test that had asked nothing yet.

What changed: both are emptied before each test. Before, not after: a run that is killed never comes
to its clean-up, and the next run begins with what it left. `autouse=True` since each test here
meets the club; a fixture that the tests ask for is as good.

Another good way: a database of its own for each test, `monkeypatch.setattr(club, "database", …)`
with `sqlite3.connect(":memory:")` and the table made there, and a new dict for `remembered`.
"""

import club
import pytest

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def an_empty_club():
    with club.database:
        club.database.execute("DELETE FROM members")
    club.remembered.clear()


async def test_ada_joins():
    await club.join("ada", 30)
    assert await club.fee("ada") == 30


async def test_ada_joins_as_a_pupil():
    await club.join("ada", 10)
    assert await club.fee("ada") == 10


async def test_who_has_not_joined_has_no_fee():
    assert await club.fee("ada") is None
