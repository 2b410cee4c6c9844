"""The exercise of LC306: a file holds seven tests of a pharmacy, and pytest finds two.

The lesson shows the reasons one by one. Here nothing says which tests are lost. Each of the five
lost tests is the only one that would notice its bug, so a learner who deletes or empties one fails.
"""

from loopcheck.lab.exercise import Exercise, Requirement, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    notices,
    trouble,
)
from loopcheck.lab.seen import Seen

PHARMACY = '''\
"""A pharmacy: what is sold, to whom, and what is taken back."""

import asyncio

ON_PRESCRIPTION = {"insulin"}


class Refused(Exception):
    pass


class Pharmacy:
    def __init__(self):
        self.stock = {"aspirin": 5, "insulin": 2}

    async def sell(self, name, count=1, prescription=False):
        await asyncio.sleep(0)  # the till
        if name in ON_PRESCRIPTION and not prescription:
            raise Refused(f"{name} is on prescription")
        if count < 1:
            raise ValueError(count)
        if self.stock[name] < count:
            raise Refused(f"{name} is sold out")
        self.stock[name] -= count

    async def take_back(self, name, count=1):
        await asyncio.sleep(0)  # the till
        if name in ON_PRESCRIPTION:
            raise Refused(f"{name} is not sold twice")
        self.stock[name] += count
'''

SKELETON = """\
import pytest
from pharmacy import Pharmacy, Refused

pytestmark = pytest.mark.asyncio


async def test_a_sale():
    shop = Pharmacy()
    await shop.sell("aspirin", 2)
    assert shop.stock["aspirin"] == 3


async def test_a_refusal():
    with pytest.raises(Refused):
        await Pharmacy().sell("insulin")


async def test_a_refusal():
    with pytest.raises(Refused):
        await Pharmacy().sell("aspirin", 6)


class TestPrescription:
    def __init__(self):
        self.shop = Pharmacy()

    async def test_insulin_is_sold(self):
        await self.shop.sell("insulin", prescription=True)
        assert self.shop.stock["insulin"] == 1


class ReturnTests:
    async def test_aspirin_comes_back(self):
        shop = Pharmacy()
        await shop.take_back("aspirin")
        assert shop.stock["aspirin"] == 6

    async def test_insulin_does_not(self):
        shop = Pharmacy()
        with pytest.raises(Refused):
            await shop.take_back("insulin")
        assert shop.stock["insulin"] == 2

        async def test_nothing_is_no_sale(self):
            with pytest.raises(ValueError):
                await Pharmacy().sell("aspirin", 0)
"""

TESTS, FIRST = 7, 2  # that stand there, and that pytest finds in the skeleton
FILE = "pharmacy.py"


def _lost(seen: Seen) -> str | None:
    found = seen.collected or []
    if len(found) >= TESTS:
        return None
    names = ", ".join(found)
    return trouble(seen) or f"pytest finds {len(found)} of the {TESTS} in the file: {names}"


def _still_lost(seen: Seen, name: str) -> bool:
    """True if pytest finds some of the lost tests again, and *name* is not one of them."""
    found = seen.collected or []
    return not seen.planted and FIRST < len(found) < TESTS and name not in found


def _twin(seen: Seen) -> bool:
    """True if pytest finds all tests again except one of the two that share a name."""
    found = seen.collected or []
    there = {"test_insulin_is_sold", "test_aspirin_comes_back", "test_nothing_is_no_sale"}
    return not seen.planted and len(found) == TESTS - 1 and there.issubset(found)


WRONG_TURNS = (
    WrongTurn(
        name="one of the twins",
        did=_twin,
        answer="Two tests share a name, and one of them is still missing. They check different "
        "things: keep both, under two names.",
    ),
    WrongTurn(
        name="a class with a constructor",
        did=lambda seen: _still_lost(seen, "test_insulin_is_sold"),
        answer="pytest makes the object itself, and skips a class that has its own `__init__`. "
        "Move the setup into a fixture.",
    ),
    WrongTurn(
        name="nobody sets it up",
        did=lambda seen: any("has no attribute 'shop'" in said for said in seen.failures.values()),
        answer="The constructor is gone, so pytest finds the class, but now nothing sets up what "
        "the test needs. Set it up in a fixture, or in the test.",
    ),
    WrongTurn(
        name="the name of a class",
        did=lambda seen: _still_lost(seen, "test_aspirin_comes_back"),
        answer="pytest looks into classes whose names begin with `Test`. The name of one of them "
        "ends with it.",
    ),
    WrongTurn(
        name="a test in a test",
        did=lambda seen: _still_lost(seen, "test_nothing_is_no_sale"),
        answer="One test is inside another. Look at the indentation, from the end of the file "
        "upwards.",
    ),
)

EXERCISE = Exercise(
    stem="lc306_lost_tests",
    kind="mend the test",
    task="pytest must find all seven tests of the file; they must pass, in any order, and each"
    " must notice the fault that it tests for.",
    edits="test_pharmacy.py",
    skeleton=SKELETON,
    frozen={FILE: PHARMACY},
    requirements=(
        Requirement(name="all seven tests are found", unmet=_lost, early=True),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices(
            "insulin sold without a prescription",
            FILE,
            "if name in ON_PRESCRIPTION and not prescription:",
            "if not name:",
        ),
        notices(
            "a prescription that nobody reads",
            FILE,
            "ON_PRESCRIPTION and not prescription:",
            "ON_PRESCRIPTION:",
        ),
        notices("a return that is not booked", FILE, "self.stock[name] += count", "pass"),
        notices(
            "insulin taken back",
            FILE,
            'if name in ON_PRESCRIPTION:\n            raise Refused(f"{name} is not',
            'if not name:\n            raise Refused(f"{name} is not',
        ),
        notices("a sale of what is sold out", FILE, "if self.stock[name] < count:", "if not name:"),
        notices(
            "another error than the one that it expects",
            FILE,
            'raise Refused(f"{name} is sold out")',
            "raise KeyError(name)",
        ),
        notices(
            "insulin that stays in stock when it is sold",
            FILE,
            "self.stock[name] -= count",
            "self.stock[name] -= count if name not in ON_PRESCRIPTION else 0",
        ),
        notices("a sale of nothing", FILE, "if count < 1:", "if count < 0:"),
        notices(
            "a sale of nothing that ends with another error",
            FILE,
            "raise ValueError(count)",
            "raise Refused(count)",
        ),
        notices(
            "a prescription that is missed with another error",
            FILE,
            'raise Refused(f"{name} is on',
            'raise KeyError(f"{name} is on',
        ),
        notices(
            "a sale of too many", FILE, "self.stock[name] -= count", "self.stock[name] -= count + 1"
        ),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Count the lines that hold `def test_`, and compare with the number that pytest finds.",
        "Four things hide a test here: a second test of the same name, an `__init__` in its "
        "class, a class whose name does not begin with `Test`, and an indentation that is too "
        "deep.",
        "Rename one of the two `test_a_refusal`, and give the class a name that begins with "
        "`Test`. Move the last test out, to the level of its class. In place of `__init__`: "
        "`@pytest.fixture(autouse=True)`, `def shop(self): self.shop = …`",
    ),
    learned="You can find tests that never run, and tell why pytest skips them.",
)
