"""The exercise of LC309: a bakery whose test class belongs to unittest, and one mark to pytest.

The lesson shows a fixture that unittest does not pass on. Here it is a parameter, and a default
value keeps the test green. The class has an `asyncSetUp`: if the learner only removes the base
class, the oven is lost.
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
    trouble,
)
from loopcheck.lab.seen import Seen

BAKERY = '''\
"""A bakery: an oven that is lit heats up by itself, and bakes when it is hot."""

import asyncio
from contextlib import asynccontextmanager


class Oven:
    def __init__(self):
        self.lit = True
        self.heating = asyncio.create_task(asyncio.sleep(0.01))

    async def bake(self, loaves):
        await self.heating
        return loaves if self.lit else 0


@asynccontextmanager
async def lit_oven():
    oven = Oven()
    try:
        yield oven
    finally:
        oven.lit = False
        oven.heating.cancel()
'''

SKELETON = """\
import unittest

import bakery
import pytest


class TestOven(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.oven = await self.enterAsyncContext(bakery.lit_oven())

    @pytest.mark.parametrize("loaves", [1, 4])
    async def test_what_goes_in_comes_out(self, loaves=1):
        assert await self.oven.bake(loaves) == loaves

    async def test_an_empty_oven_stays_empty(self):
        assert await self.oven.bake(0) == 0
"""

FILE, LIT, OUT = "bakery.py", "self.lit = True", "return loaves if self.lit else 0"
TWO = "the oven of the test before is still lit"
CHECKED = (
    f'{LIT}\n        assert not any(one.lit for one in ovens), "{TWO}"\n        ovens.append(self)'
)
FIRST = "import asyncio\n"
OPENED = BAKERY[BAKERY.index("@asynccontextmanager") :]
ENTERED = """\
class lit_oven:  # unlike a generator, it is not closed when it is collected
    async def __aenter__(self):
        self.oven = Oven()
        return self.oven

    async def __aexit__(self, *error):
        self.oven.lit = False
        self.oven.heating.cancel()
"""
WATCHED = ((FILE, FIRST, f"{FIRST}ovens = []\n"), (FILE, LIT, CHECKED), (FILE, OPENED, ENTERED))
INSPECTED = Run(planted=WATCHED)
BURNT = Run(planted=(*WATCHED, (FILE, OUT, "return 99")))


def _left_by_a_failure(seen: Seen) -> str | None:
    return f"a test turned red, and {TWO}" if seen.failed_with(TWO) else trouble(seen)


WRONG_TURNS = (
    WrongTurn(
        name="never out",
        did=lambda seen: seen.failed_with(TWO),
        answer="The oven of the test before is still lit: nothing puts it out. `async with "
        "bakery.lit_oven()` does, in a fixture around its `yield`, or unittest's "
        "`enterAsyncContext`.",
    ),
    WrongTurn(
        name="out before it is used",
        did=lambda seen: seen.failed_with("CancelledError") and "return " in seen.answer,
        answer="The oven is out before it bakes. A `return` leaves the `async with` block, and "
        "the block puts the oven out. In a fixture, `yield` the oven from inside the block.",
    ),
    WrongTurn(
        name="parameters of a fixture",
        did=lambda seen: seen.failed_with("does not support fixtures"),
        answer="pytest passes no parameters to a class of unittest, not even through a fixture. "
        "Use a loop with `subTest`, or a plain class.",
    ),
    WrongTurn(
        name="the default stays",
        did=lambda seen: "with a default value" in (seen.unreadable or ""),
        answer="In a plain class the numbers of `parametrize` arrive, so pytest refuses a default "
        "beside them. Remove the default.",
    ),
    WrongTurn(
        name="nobody sets it up",
        did=lambda seen: seen.failed_with("object has no attribute 'oven'"),
        answer="unittest calls `asyncSetUp`, and only in an `IsolatedAsyncioTestCase`. In a plain "
        "class nothing calls it. Turn it into an async fixture of the class.",
    ),
    WrongTurn(
        name="lit on another loop",
        did=lambda seen: seen.failed_with("attached to a different loop"),
        answer="The oven is lit on a loop of pytest-asyncio's, and the test runs on unittest's "
        "own. Use one world for both: `asyncSetUp` with the base class, or fixtures without it.",
    ),
    WrongTurn(
        name="the number never arrives",
        did=lambda seen: seen.failed_with("missing 1 required positional argument"),
        answer="The default value is gone, and the fault that it hid is back: unittest calls the "
        "method without arguments, so the numbers of `parametrize` never arrive.",
    ),
    WrongTurn(
        name="nobody runs the test",
        did=lambda seen: seen.failed_with("async def functions are not natively supported"),
        answer="Without the base class it is pytest's test, and pytest cannot await it. In strict "
        "mode it needs `@pytest.mark.asyncio`, on the class or the test. That is LC303.",
    ),
    WrongTurn(
        name="nobody runs the fixture",
        did=lambda seen: seen.failed_with("with no plugin or hook that handled it"),
        answer="The oven is an async fixture now, with pytest's own decorator, so no plugin runs "
        "it. That is LC301, the neighbour.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test bakes nothing. Each of them can run: unittest's way or "
        "pytest's, but not both at once.",
    ),
)

EXERCISE = Exercise(
    stem="lc309_isolated_asyncio_testcase",
    kind="delete the cure",
    task="Remove the default value. Make every test pass, in any order. Bake one loaf and four, "
    "and put each oven out before the next one is lit.",
    edits="test_oven.py",
    skeleton=SKELETON,
    frozen={FILE: BAKERY},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="each oven is out when the next one is lit", unmet=first_not_passed, run=INSPECTED
        ),
        Requirement(
            name="an oven is out after a test that failed, too", unmet=_left_by_a_failure, run=BURNT
        ),
        notices("that of four loaves three are lost", FILE, OUT, "return min(loaves, 1)"),
        notices("that a loaf alone is lost", FILE, OUT, "return loaves if loaves > 1 else 0"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Look at the base class, then sort what is in this file: what belongs to pytest, and what "
        "to unittest?",
        "unittest runs the class and calls each method without arguments, so `loaves` is always "
        "the default. `parametrize` belongs to pytest, `asyncSetUp` to unittest.",
        "Choose one world. unittest's: `for loaves in (1, 4): with self.subTest(…)`. Or pytest's: "
        "no base class, `@pytest.mark.asyncio` on the class, and `@pytest_asyncio.fixture` on "
        "`async def oven(self): async with bakery.lit_oven() as oven: …`.",
    ),
    learned="You can tell whether unittest or pytest runs a test, and keep it in one world.",
)
