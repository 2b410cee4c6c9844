"""The exercise of LC505: a rowing club keeps its fees in two places, and the tests empty neither.

The lesson has a Valkey. Here it is a database, with a dict in front of it that lives as long as its
module: an answer that empties only one of them moves the fault.
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

CLUB = '''\
"""The members of a rowing club: rows of a database, with a cache of earlier answers."""

import sqlite3

database = sqlite3.connect("club.db")
database.execute("CREATE TABLE IF NOT EXISTS members (name TEXT PRIMARY KEY, fee INTEGER)")
remembered = {}


async def join(name, fee):
    with database:  # commits
        database.execute("INSERT INTO members VALUES (?, ?)", (name, fee))
    remembered.pop(name, None)


async def fee(name):
    if name not in remembered:
        row = database.execute("SELECT fee FROM members WHERE name = ?", (name,)).fetchone()
        remembered[name] = row[0] if row else None
    return remembered[name]
'''

SKELETON = """\
import club
import pytest

pytestmark = pytest.mark.asyncio


async def test_ada_joins():
    await club.join("ada", 30)
    assert await club.fee("ada") == 30


async def test_ada_joins_as_a_pupil():
    await club.join("ada", 10)
    assert await club.fee("ada") == 10


async def test_who_has_not_joined_has_no_fee():
    assert await club.fee("ada") is None
"""

MADE = "remembered = {}\n"
# A killed run of these tests has left the names that they write out, whichever they are. Only the
# text has them: the names that a run makes up are others in the next run.
LEFT = f"""{MADE}
import ast
from pathlib import Path

test_file = ast.parse(Path("test_club.py").read_text(encoding="utf-8"))
words = [one.value for one in ast.walk(test_file) if isinstance(one, ast.Constant)]
with database:
    for name in {{"ada", "ben", "eve", *(word for word in words if isinstance(word, str))}}:
        database.execute("INSERT INTO members VALUES (?, 99)", (name,))
"""
KILLED = Run(planted=(("club.py", MADE, LEFT),))
REFUSED = "UNIQUE constraint"


def _remembers(seen: Seen) -> bool:
    """True if the rows are gone, and the dict still answers."""
    said = " ".join(seen.failures.values())
    return not seen.planted and bool(said) and "assert" in said and REFUSED not in said


def _met_what_was_left(seen: Seen) -> bool:
    return LEFT in seen.bugs and bool(seen.failures)


def _set_aside(seen: Seen) -> bool:
    return bool({"skipped", "expected to fail"} & {*seen.outcomes.values()})


WRONG_TURNS = (
    WrongTurn(
        name="only the dict",
        did=lambda seen: (
            not seen.planted and seen.failed_with(REFUSED) and "remembered." in seen.answer
        ),
        answer="The rows of the test before are still in the database, and it refuses a second "
        "Ada. There are two stores here, the table and the dict in front of it: empty both.",
    ),
    WrongTurn(
        name="only the rows",
        did=_remembers,
        answer="The rows are gone, and the club still knows the fee: its module caches earlier "
        "answers for the whole run. There are two stores here.",
    ),
    WrongTurn(
        name="only afterwards",
        did=_met_what_was_left,
        answer="Your tests find what a killed run left in the database. A clean-up after the "
        "test, or another name in each test, does not remove that; emptying the database before "
        "each test does.",
    ),
    WrongTurn(
        name="set aside",
        did=_set_aside,
        answer="A skipped or xfailed test proves nothing about the club. All three can pass, each "
        "on an empty store.",
    ),
)

EXERCISE = Exercise(
    stem="lc505_dirty_store",
    kind="mend the test",
    task="Make the three tests pass, in any order, also after a killed run that left its rows;"
    " they must notice a wrong fee.",
    edits="test_club.py",
    skeleton=SKELETON,
    frozen={"club.py": CLUB},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="it holds after a run that was killed", unmet=first_not_passed, run=KILLED
        ),
        notices("a fee that is wrong", "club.py", "(name, fee))", "(name, fee + 1))"),
        notices("a fee of who never joined", "club.py", "if row else None", "if row else 0"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "For each test: what may it find in the stores, which code put it there, and how long "
        "does that live?",
        "The club has two stores, the table and the dict. Both outlive a test, and the table "
        "outlives the run. Each test needs both of them empty when it starts.",
        "`@pytest.fixture(autouse=True)` and `def an_empty_club():`, with two lines: "
        '`club.database.execute("DELETE …")`, committed by `with club.database:`, and '
        "`club.remembered.…()`. You need nothing after the test.",
    ),
    learned="You can tell what outlives a test, and give each test an empty store.",
    seconds=8.0,
)
