"""The exercise of LC308: two diffs give each test of a garage its own card, one of them only half.

The lesson shows a key that is gone. Here the tests still share a list inside the copied dict, and
no existing test touches it: the learner has to write the test that does. A planted garage remembers
which test passed which list, so it sees what two tests share.
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

GARAGE = '''\
"""A garage. What is done to a car is noted on its card."""

import asyncio


async def bill(card, extra=0):
    await asyncio.sleep(0)  # the office writes
    card["bill"] = card.pop("estimate") + extra
    return card["bill"]


async def repair(card):
    await asyncio.sleep(0)  # the mechanic mends
    return card["faults"].pop()
'''

SKELETON = """\
import pytest
from garage import bill, repair

pytestmark = pytest.mark.asyncio

CARD = {"owner": "ada", "estimate": 100, "faults": ["brakes", "lamp"]}


async def test_the_bill():
    assert await bill(CARD) == 100


async def test_the_bill_with_an_extra():
    assert await bill(CARD, extra=20) == 120
"""

SHARED = "were on the card of another test"
# A garage that remembers which test passed which list of faults.
REMEMBERS = f"""\
import asyncio
import os

GIVEN = []


def remember(card):
    now = os.environ.get("PYTEST_CURRENT_TEST", "").split(" ")[0]
    for faults, test in GIVEN:
        if faults is card.get("faults") and test != now:
            raise AssertionError("the faults on this card {SHARED}")
    GIVEN.append((card.get("faults"), now))
"""
FILE = "garage.py"
OWN_CARDS = Run(
    planted=(
        (FILE, "import asyncio\n", REMEMBERS),
        (FILE, "    await asyncio.sleep(0)  # the office", "    remember(card)  # the office"),
        (FILE, "    await asyncio.sleep(0)  # the mechanic", "    remember(card)  # the mechanic"),
    )
)


def _leans(seen: Seen) -> bool:
    """True if the answer passes in its own order and fails in reverse order."""
    return seen.reverse and bool(seen.failures) and not _expected(seen)


def _expected(seen: Seen) -> bool:
    return any("DID NOT RAISE" in words for words in seen.failures.values())


WRONG_TURNS = (
    WrongTurn(
        name="nobody repairs",
        did=lambda seen: seen.green and any('["faults"][-1]' in bug for bug in seen.bugs),
        answer="The bills are right in this order. But no test notices what a repair leaves on the "
        "card. Write that one: it also shows whether your tests still share a part of the "
        "card.",
    ),
    WrongTurn(
        name="a copy of the outer dict",
        did=lambda seen: any(SHARED in words for words in seen.failures.values()),
        answer="Two tests have the same list of faults on their cards: a shallow copy of a dict "
        "copies no further. The first repair mends the fault for all tests.",
    ),
    WrongTurn(
        name="the error expected",
        did=lambda seen: seen.reverse and _expected(seen),
        answer="The test expects the error that another test causes. It fails when it runs first, "
        "or alone.",
    ),
    WrongTurn(
        name="one after the other",
        did=_leans,
        answer="It passes in this order, but not with the last test first: one test still depends "
        "on what another has done to the card, or not yet done.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="The test that you skipped or marked xfail is right: it passes alone. The fault is "
        "that it gets a card which another test has written on.",
    ),
)

EXERCISE = Exercise(
    stem="lc308_shared_arguments",
    kind="choose between two diffs and prove it",
    task="Make every test pass, in any order. No two tests may share any part of a card. A "
    "test of yours must turn red when a repaired fault stays on the card.",
    edits="test_garage.py",
    skeleton=SKELETON,
    frozen={FILE: GARAGE},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices(
            "a mended fault that stays on the card",
            FILE,
            'return card["faults"].pop()',
            'return card["faults"][-1]',
        ),
        Requirement(
            name="no two tests share a list of faults", unmet=first_not_passed, run=OWN_CARDS
        ),
        notices("an extra that is forgotten", FILE, '+ extra\n    return card["bill"]', "\n"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What is inside the card, and how deep does each of the two diffs copy?",
        "`dict(CARD)` is a new dict with the same list in it. Your existing tests never touch "
        "that list. Your new test will, and so would the next one that somebody writes.",
        "Take the fixture: `@pytest.fixture`, `def card():`, which returns the whole dict, "
        "written out there. The proof: `async def test_…(card):` calls `repair` twice, and "
        "asserts what it returns or what is left in `card[…]`.",
    ),
    learned="You can find what two tests share, however deep, and give each its own.",
)
