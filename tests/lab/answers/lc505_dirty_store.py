"""Answers to the exercise of LC505: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc505_dirty_store import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_ada_joins_as_a_pupil: sqlite3.IntegrityError: UNIQUE constraint failed",
)

changed = partial(in_text, text=SKELETON)
MARK = "pytestmark = pytest.mark.asyncio\n"
HEAD = "\n\n@pytest.fixture(autouse=True)\ndef an_empty_club():\n"
ROWS = '    with club.database:\n        club.database.execute("DELETE FROM members")\n'
DICT = "    club.remembered.clear()\n"


def fixture(*lines: str) -> str:
    """Return the skeleton with a fixture of *lines* around each test."""
    text: str = changed((MARK, MARK + HEAD + "".join(lines)))
    return text


RIGHT = {
    "before each test": fixture(ROWS, DICT),
    "before and after": fixture(ROWS, DICT, "    yield\n", ROWS, DICT),
    "a database for each test": fixture(
        "    import sqlite3\n    with pytest.MonkeyPatch.context() as patch:\n"
        '        mine = sqlite3.connect(":memory:")\n'
        '        mine.execute("CREATE TABLE members (name TEXT PRIMARY KEY, fee INTEGER)")\n'
        '        patch.setattr(club, "database", mine)\n'
        '        patch.setattr(club, "remembered", {})\n'
        "        yield\n        mine.close()\n"
    ),
    "an async fixture that is asked for": """
import club
import pytest
import pytest_asyncio

@pytest_asyncio.fixture
async def member():
    club.database.execute("DELETE FROM members")
    club.database.commit()
    club.remembered = {}
    return "eve"

@pytest.mark.asyncio
@pytest.mark.parametrize("fee", [30, 10])
async def test_joins(member, fee):
    await club.join(member, fee)
    assert await club.fee(member) == fee

@pytest.mark.asyncio
async def test_nobody(member):
    assert await club.fee(member) is None
""",
    "names that nobody else has": """
from uuid import uuid4
import club
import pytest

@pytest.mark.asyncio
@pytest.mark.parametrize("fee", [30, 10, None])
async def test_fee(fee):
    name = str(uuid4())
    if fee is not None:
        await club.join(name, fee)
    assert await club.fee(name) == fee
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only the rows": (fixture(ROWS), "every test", "There are two stores here"),
    "only the dict": (fixture(DICT), "every test", "refuses a second Ada"),
    "only afterwards": (
        fixture("    yield\n", ROWS, DICT),
        "a run that was killed",
        "emptying the database before each test does",
    ),
    "three names": (
        changed(
            ('join("ada", 10)', 'join("ben", 10)'),
            ('fee("ada") == 10', 'fee("ben") == 10'),
            ('fee("ada") is None', 'fee("eve") is None'),
        ),
        "a run that was killed",
        "emptying the database before each test does",
    ),
    "a name for each test": (
        changed(
            ('join("ada", 30)', 'join("ada1", 30)'),
            ('fee("ada") == 30', 'fee("ada1") == 30'),
            ('join("ada", 10)', 'join("ada2", 10)'),
            ('fee("ada") == 10', 'fee("ada2") == 10'),
            ('fee("ada") is None', 'fee("nobody") is None'),
        ),
        "a run that was killed",
        "emptying the database before each test does",
    ),
    "rolled back": (fixture("    yield\n    club.database.rollback()\n"), "every test", ""),
    "the order that works": (
        changed(
            ("test_ada_joins()", "test_2()"),
            ('join("ada", 10)', 'join("ben", 10)'),
            ('fee("ada") == 10', 'fee("ben") == 10'),
            ('fee("ada") is None', 'fee("cy") is None'),
        ),
        "a run that was killed",
        "emptying the database before each test does",
    ),
    "expected to fail": (
        changed((MARK, "pytestmark = [pytest.mark.asyncio, pytest.mark.xfail]\n")),
        "every test",
        "A skipped or xfailed test",
    ),
    "an assert that cannot fail": (
        fixture(ROWS, DICT).replace("is None", "in (None, 0)"),
        "who never joined",
        "",
    ),
}
