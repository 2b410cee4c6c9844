"""LC602 table-exists: the solution of the exercise, why it works, and one other good way.

What was wrong: the file lived as long as the module, and its table was created for each test. The
second test found the table of the first. `if not exists` would have hidden it, and kept the visits.

What changed: both live as long as one test. A new file, a new table, nothing to clean.

Another good way, if a file or a server is expensive: create the table once, in the fixture that
creates the database, and delete each test's rows after it, with `delete from visits` or a rollback.
"""

import aiosqlite
import diary
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


@pytest.fixture
def path(tmp_path):
    return tmp_path / "diary.db"


@pytest_asyncio.fixture
async def db(path):
    async with aiosqlite.connect(path) as db:
        await db.execute(diary.SCHEMA)
        yield db


async def test_a_visit_is_booked(db):
    await diary.book(db, 3, "Ada")
    assert await diary.visit(db, 3) == "Ada"


async def test_another_visit_is_booked(db):
    await diary.book(db, 3, "Ben")
    assert await diary.visit(db, 3) == "Ben"


async def test_one_visit_a_day(db):
    await diary.book(db, 3, "Cid")
    with pytest.raises(diary.Taken):
        await diary.book(db, 3, "Dan")
