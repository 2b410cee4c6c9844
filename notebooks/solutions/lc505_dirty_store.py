"""LC505 dirty-store: the solution of the exercise, why it works, and one other good way.

What was wrong: `join` commits its row, so the row stays when the test is over. The second test
found it, and failed. Behind that was a second store: `remembered` lives as long as its module, and
answered a test that had not asked anything yet.

What changed: a fixture empties both before each test. Before, not after: a killed run never reaches
its clean-up, and the next run begins with what it left. `autouse=True` because each test here uses
the club; a fixture as an argument of each test works too.

Another good way: give each test its own database, `monkeypatch.setattr(club, "database", …)` with
`sqlite3.connect(":memory:")` and the table created there, and a new dict for `remembered`.
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
