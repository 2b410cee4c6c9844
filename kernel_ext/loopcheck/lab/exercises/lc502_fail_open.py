"""The exercise of LC502: a gate that may open blind, and tests that would not notice if it did.

The lesson mends a window whose handler was too broad. Here the code is right, and the tests only
assert that the gate opens. Each bug makes the gate open once more; the tests have to tell why it
opened.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)
from loopcheck.lab.seen import Seen

GATE = '''\
"""The gate of a car park. It opens for who has paid, and for all while the till is away."""

from till import TillAway


class Gate:
    def __init__(self, till):
        self.till = till
        self.blind = 0  # how often it opened without asking the till

    async def opens(self, plate):
        try:
            return await self.till.has_paid(plate)
        except TillAway:
            self.blind += 1
            return True
'''

TILL = '''\
"""The till of the car park: it knows who has paid, while it is connected."""

import asyncio


class TillAway(Exception):
    pass


class Till:
    def __init__(self, *paid):
        self.paid = set(paid)
        self.connected = True

    async def has_paid(self, plate):
        await asyncio.sleep(0)  # the way to the till
        if not self.connected:
            raise TillAway
        return plate.upper() in self.paid
'''

SKELETON = """\
import pytest
import pytest_asyncio
from gate import Gate
from till import Till

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def gate():
    yield Gate(Till("M AX 1", "B EE 22"))


async def test_it_opens_for_who_has_paid(gate):
    assert await gate.opens("M AX 1")
    assert await gate.opens("b ee 22")


async def test_it_opens_while_the_till_is_away(gate):
    gate.till.connected = False
    assert await gate.opens("C AT 9")
"""

ASKED, CAUGHT, COUNTED = (
    "return await self.till.has_paid(plate)",
    "except TillAway:",
    "self.blind += 1\n",
)
CONNECTED, CAPITALS = "if not self.connected:", "plate.upper() in self.paid"
ALWAYS = "return True  # without asking the till"
FLAPS = "if not self.connected or plate.islower():"


def _only_yes(seen: Seen) -> bool:
    """True if the learner added tests and all of them pass with a gate that opens for everybody."""
    return ALWAYS in seen.bugs and seen.green and len(seen.collected or ()) > 2


def _set_aside(seen: Seen) -> bool:
    return bool({"skipped", "expected to fail"} & {*seen.outcomes.values()})


def _asked_of_all(seen: Seen) -> bool:
    """True if a check after each test also covers the test that opens blind on purpose."""
    blind = seen.failures.get("test_it_opens_while_the_till_is_away", "")
    return not seen.planted and "1 == 0" in blind and len(seen.failures) == 1


WRONG_TURNS = (
    WrongTurn(
        name="no other error",
        did=lambda seen: "except Exception:" in seen.bugs and seen.green,
        answer="In none of your tests does anything fail but a till that is away. A handler that "
        "takes every error hides a bug as well: let one happen, and expect it.",
    ),
    WrongTurn(
        name="never away when it should not",
        did=lambda seen: FLAPS in seen.bugs and seen.green,
        answer="A gate that opens blind for somebody who has paid passes your tests: it opens, so "
        "the answer is the same. Only the count tells the two apart. Look at `gate.blind` "
        "where the till is there.",
    ),
    WrongTurn(
        name="only yes",
        did=_only_yes,
        answer="All your tests expect the gate to open, and a gate that never checks opens each "
        "time. At least one plate has to be turned away.",
    ),
    WrongTurn(
        name="set aside when it opens",
        did=_set_aside,
        answer="A test that skips or xfails when the gate opens for everybody is silent in "
        "exactly the case that it is for. Then nothing turns red, and nobody looks.",
    ),
    WrongTurn(
        name="no opening for anybody",
        did=_asked_of_all,
        answer="The check after each test is a good one, but one test opens the gate blind on "
        "purpose. Give that test its own gate, and assert how often it opened.",
    ),
)

EXERCISE = Exercise(
    stem="lc502_fail_open",
    kind="write the test that catches the planted bug",
    task="The tests must pass, and turn red with each of these bugs: the gate opens for "
    "everybody; it opens blind for somebody who has paid; it does not count that it "
    "opened blind; it takes every error for a till that is down.",
    edits="test_gate.py",
    skeleton=SKELETON,
    frozen={"gate.py": GATE, "till.py": TILL},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a gate that opens for everybody", "gate.py", ASKED, ALWAYS),
        notices(
            "a gate that asks, and opens all the same",
            "gate.py",
            ASKED,
            f"{ASKED.replace('return ', '')}\n            return True",
        ),
        notices("that it opened blind for who has paid", "till.py", CONNECTED, FLAPS),
        notices("an opening that is not counted", "gate.py", COUNTED, "pass\n"),
        notices("a handler that takes every error", "gate.py", CAUGHT, "except Exception:"),
        notices(
            "a gate that stays shut while the till is away",
            "gate.py",
            "return True",
            "return False",
        ),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What do the two tests assert? Which of these asserts would fail if `opens` were one line "
        "long, `return True`?",
        "Nothing tests four things: a gate that stays shut; that it counts nothing while the till "
        "is there; what it counts while the till is away; another kind of error, such as that of "
        "`Gate(None)`.",
        "Below `yield`: `assert gate.blind == …`. The test without a till makes its own "
        "`Gate(Till())` and asserts its count. Two new tests: `assert not await gate.opens(…)`, "
        "and `with pytest.raises(AttributeError): await Gate(None).opens(…)`.",
    ),
    learned="You can write tests that fail when a fallback hides an error.",
    seconds=8.0,
)
