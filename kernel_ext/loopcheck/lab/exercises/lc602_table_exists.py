"""The exercise of LC602: a piano tuner's diary, whose fixture makes the table again in an old file.

The lesson has a server whose tables outlive the run. Here a file outlives one test, and the tests
themselves show what a kept table brings along.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
)
from loopcheck.lab.seen import Seen

DIARY = '''\
"""The diary of a piano tuner: one visit a day."""

SCHEMA = "create table visits (day integer, house text)"
ADD = "insert into visits (day, house) values (?, ?)"


class Taken(Exception):
    pass


async def visit(db, day):
    rows = await db.execute_fetchall("select house from visits where day = ?", [day])
    return next((house for house, in rows), None)


async def book(db, day, house):
    if await visit(db, day):
        raise Taken(day)
    await db.execute(ADD, [day, house])
    await db.commit()
'''

SKELETON = """\
import aiosqlite
import diary
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("tuner") / "diary.db"


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
"""

FILE = "diary.py"
COLUMNS = "visits (day integer, house text)"
LATER = Run(
    planted=(
        (FILE, COLUMNS, "visits (day integer, house text, hour integer)"),
        (FILE, "visits (day, house) values (?, ?)", "visits (day, house, hour) values (?, ?, 9)"),
    )
)

NOT_WRITTEN, STAYS = "await db.execute(ADD, [day, house])", "already exists"
OTHER_ERROR = "raise LookupError(day)"
ALL_FAIL = Run(planted=((FILE, NOT_WRITTEN, "pass"),))


def _left_by_a_failure(seen: Seen) -> str | None:
    return "a test failed, and the next one found its table" if seen.failed_with(STAYS) else None


WRONG_TURNS = (
    WrongTurn(
        name="any error will do",
        did=lambda seen: OTHER_ERROR in seen.bugs and seen.green,
        answer="The third test passes with any error, so a broken diary counts as a day that is "
        "taken. Expect `diary.Taken`.",
    ),
    WrongTurn(
        name="only if it passes",
        did=lambda seen: seen.planted and seen.failed_with(STAYS),
        answer="After a test that fails, its table stays, and the next test fails because of it. "
        "What must run after each test belongs behind the `yield` of its fixture, without "
        "conditions.",
    ),
    WrongTurn(
        name="another day",
        did=lambda seen: not seen.planted and seen.failed_with("DID NOT RAISE Taken"),
        answer="Nobody was refused: the second visit found its day free. Keep one day for both of "
        "them, and give each test a diary of its own.",
    ),
    WrongTurn(
        name="the old table is kept",
        did=lambda seen: not seen.planted and seen.failed_with("diary.Taken"),
        answer="Nothing makes the table twice any more, because the old one stays, with the "
        "visits of the test before. A day that should be free is taken.",
    ),
    WrongTurn(
        name="the schema stands twice",
        did=lambda seen: bool(seen.planted) and seen.failed_with("no column named hour"),
        answer="Your tests write their own schema. When the diary gets a new column, they don't: "
        "let them use `diary.SCHEMA`.",
    ),
    WrongTurn(
        name="nothing is made",
        did=lambda seen: not seen.planted and seen.failed_with("no such table"),
        answer="Now nothing makes the table in the file that this test opens. Each new file is "
        "empty, so make the table where you make the file.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test books nothing. All three can pass, each in its own "
        "diary.",
    ),
)

EXERCISE = Exercise(
    stem="lc602_table_exists",
    kind="mend the test",
    task="Make all three tests pass, in any order, also when the diary's table gets a new "
    "column; they must notice a second visit on one day.",
    edits="test_diary.py",
    skeleton=SKELETON,
    frozen={FILE: DIARY},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="a new column is there, too", unmet=first_not_passed, run=LATER),
        notices("a second visit on one day", FILE, "raise Taken(day)", "pass"),
        notices("another error than that of a taken day", FILE, "raise Taken(day)", OTHER_ERROR),
        Requirement(
            name="a test that fails leaves no table", unmet=_left_by_a_failure, run=ALL_FAIL
        ),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "How long does each of the two fixtures live?",
        "The file lives as long as the module, and each test makes the table in it. The second "
        "test finds the table of the first.",
        "Give each test its own file, so that both fixtures live equally long: `@pytest.fixture` "
        "and `def path(tmp_path): return tmp_path / …`. The fixture `db` stays as it is.",
    ),
    learned="You can see which of two fixtures outlives the other, and what it carries over.",
    seconds=9.0,
)
