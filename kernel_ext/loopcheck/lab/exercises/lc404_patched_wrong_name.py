"""The exercise of LC404: a cinema's till reaches the bank in three ways, and two of the mocks miss.

The lesson shows one imported name. Here the import uses another name, and a table keeps the
function itself. The real bank returns the same word as the mock, so only the mock can tell.
"""

import re

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

BANK = '''\
"""The bank. What it takes is taken."""

import asyncio

taken = []


async def charge(card, sum):
    await asyncio.sleep(0)  # the bank answers
    taken.append((card, sum))
    return "done"


async def give_back(card, sum):
    await asyncio.sleep(0)
    taken.append((card, -sum))
    return "done"
'''

TILL = '''\
"""The till of a cinema: a seat is 9, a seat sold online is 10."""

import bank
from bank import charge as take

ONLINE = {"card": bank.charge}


async def sell(card, seats):
    return await take(card, 9 * seats)


async def cancel(card, seats):
    return await bank.give_back(card, 9 * seats)


async def sell_online(card, seats, way="card"):
    return await ONLINE[way](card, 10 * seats)
'''

LEFT = """\
import bank
import till


def test_no_mock_is_left():
    assert till.take is till.ONLINE["card"] is bank.charge
    assert bank.charge.__module__ == bank.give_back.__module__ == "bank"
"""

SKELETON = """\
from unittest.mock import AsyncMock, patch

import pytest
import till

pytestmark = pytest.mark.asyncio


async def test_two_seats_are_sold():
    with patch("bank.charge", AsyncMock(return_value="done")) as charge:
        assert await till.sell("Ada", 2) == "done"
    charge.assert_awaited_once_with("Ada", 18)


async def test_two_seats_are_cancelled():
    with patch("bank.give_back", AsyncMock(return_value="done")) as give_back:
        assert await till.cancel("Ada", 2) == "done"
    give_back.assert_awaited_once_with("Ada", 18)


async def test_a_seat_is_sold_online():
    with patch("bank.charge", AsyncMock(return_value="done")) as charge:
        assert await till.sell_online("Ada", 1) == "done"
    charge.assert_awaited_once_with("Ada", 10)
"""

REAL = "a real card was charged"
STRICT = Run(
    planted=(
        ("bank.py", "taken.append((card, sum))", f'raise SystemError("{REAL}")'),
        ("bank.py", "taken.append((card, -sum))", f'raise SystemError("{REAL}")'),
    )
)
NOT_MET = "Awaited 0 times"
CHEAPER = "10 * seats", "9 * seats"
NO_DOUBLE = "test_no_mock_is_left"


def _left_by_a_failure(seen: Seen) -> str | None:
    """Return what a test left behind that failed before it could put the name back."""
    if seen.outcomes.get(NO_DOUBLE) == "passed":
        return None
    return f"a test failed, and then {NO_DOUBLE}: {seen.failures.get(NO_DOUBLE, '?')}"


def _missed(seen: Seen) -> list[str]:
    return [test for test, words in seen.failures.items() if NOT_MET in words]


def _one_is_met(seen: Seen) -> bool:
    passed = [*seen.outcomes.values()].count("passed")
    return not seen.planted and len(_missed(seen)) == 1 and passed >= 3


ANSWERS = {
    "a sale": "take(",
    "a cancellation": "bank.give_back(",
    "a sale online": "ONLINE[way](",
}

WRONG_TURNS = (
    WrongTurn(
        name="a mock for the table",
        did=lambda seen: seen.failed_with("can't be used in 'await'"),
        answer="`ONLINE` is a table, and a mock in its place answers each look-up with another "
        "mock, which the till cannot await. Keep the table, and replace its entry.",
    ),
    WrongTurn(
        name="imported again",
        did=lambda seen: (
            len(_missed(seen)) > 1 and bool(re.search(r"^\s+(import|from) till", seen.answer, re.M))
        ),
        answer="The module `till` is imported once, and that was before the patch: a second "
        "`import` returns it with the names that it has. Replace the name that the till looks up.",
    ),
    WrongTurn(
        name="the same attribute",
        did=lambda seen: len(_missed(seen)) > 1 and "till.bank" in seen.answer,
        answer="`till.bank` is the module `bank` itself, so this replaces the same name as before, "
        "`bank.charge`. Neither `sell` nor `sell_online` looks there: one has a name of its "
        "own for the function, the other a table.",
    ),
    WrongTurn(
        name="only what was imported",
        did=_one_is_met,
        answer="The till calls one of the two mocks now, but not the other. What does the till "
        "look up for that one: a name of its own, or an entry of `ONLINE`? Each of the two keeps "
        "its own reference to the same function.",
    ),
    WrongTurn(
        name="left in place",
        did=lambda seen: "test_no_mock_is_left" in seen.failures,
        answer="A mock is still there when the next test starts. Nothing undoes an assignment, or "
        "a reload under a patch; `with patch`, `@patch` and `monkeypatch` undo theirs.",
    ),
    WrongTurn(
        name="the real bank",
        did=lambda seen: any(REAL in words for words in seen.failures.values()),
        answer="The test is green, and the money came from a real card: the bank returns `done` "
        "as well. Only the mock can tell whether it was called; assert on it.",
    ),
    WrongTurn(
        name="a name that nobody looks up",
        did=lambda seen: (
            any("does not have the attribute" in one for one in seen.failures.values())
            or any("has no attribute 'charge'" in one for one in seen.failures.values())
        ),
        answer="That module has no name like this, as the message says. The till calls the "
        "function `take`: the import's `as` gave it that name.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test charges nobody and proves nothing. All of them can "
        "pass: the fault is in the names that you replace.",
    ),
)

EXERCISE = Exercise(
    stem="lc404_patched_wrong_name",
    kind="mend the test",
    task="Make every test pass, in any order. No test may charge a real card or leave a mock "
    "behind. Your tests must notice each wrong sum.",
    edits="test_till.py",
    skeleton=SKELETON,
    frozen={"till.py": TILL, "bank.py": BANK, "test_left.py": LEFT},
    requirements=(
        all_there(4),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="no real card is charged", unmet=first_not_passed, run=STRICT),
        notices("a wrong sum at the till", "till.py", "take(card, 9 * seats)", "take(card, seats)"),
        notices("a wrong sum online", "till.py", *CHEAPER),
        notices(
            "a wrong sum when a seat is cancelled",
            "till.py",
            "give_back(card, 9 * seats)",
            "give_back(card, seats)",
        ),
        notices("a sale online that does not go by card", "till.py", 'way="card"', 'way="invoice"'),
        Requirement(
            name="a test that fails leaves no mock behind",
            unmet=_left_by_a_failure,
            run=Run(planted=(("till.py", *CHEAPER),)),
        ),
        notices(
            "money that is not given back",
            "till.py",
            "await bank.give_back(card, 9 * seats)",
            '"done"',
        ),
        *(
            notices(
                f"that {what} answers nothing", "till.py", f"return await {call}", f"await {call}"
            )
            for what, call in ANSWERS.items()
        ),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What does each of the three functions of `till.py` look up, and where?",
        "`cancel` looks in the module `bank` each time, so it finds the mock. `sell` looks up "
        "`take`, a name of `till`. `sell_online` looks up an entry of the dict `ONLINE`, which "
        "keeps the function itself.",
        'Replace what the code looks up: `patch("till.…", AsyncMock(return_value="done")) as '
        "charge` for `sell`. `patch` replaces names; for an entry of a dict there is "
        '`patch.dict(till.ONLINE, card=…)`, or `monkeypatch.setitem(till.ONLINE, "card", …)`.',
    ),
    learned="You can tell which name a line looks up, and put the mock there.",
    seconds=6.0,
)
