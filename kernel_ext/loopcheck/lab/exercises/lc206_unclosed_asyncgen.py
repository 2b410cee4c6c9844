"""The exercise of LC206: a meter for one reader at a time, and two readers that stop half-way.

The lesson shows a `return` out of an `async for`, and a connection. Here one of two functions steps
by hand with `anext`, and the meter refuses the next reader. A slow meter, and the number of values
read, expose an answer that only gives the meter time or that reads to the end.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
)
from loopcheck.lab.seen import Seen

METER = '''\
"""An electricity meter. It is read by one reader at a time, who says good-bye at the end."""

import asyncio


class Meter:
    def __init__(self, values):
        self.values, self.busy = values, False
        self.read = self.goodbyes = 0

    async def readings(self):
        if self.busy:
            raise RuntimeError("somebody else is reading the meter")
        self.busy = True
        try:
            for value in self.values:
                await asyncio.sleep(0)
                self.read += 1
                yield value
        finally:
            await asyncio.sleep(0)
            self.busy = False
            self.goodbyes += 1
'''

TESTS = """\
import pytest
import report
from meter import Meter

pytestmark = pytest.mark.asyncio


async def test_the_first_value_above_the_limit():
    meter = Meter([3, 9, 4, 7])
    assert await report.first_above(meter, 5) == 9
    assert (meter.busy, meter.goodbyes) == (False, 1)


async def test_the_peak_of_the_first_hours():
    meter = Meter([3, 4, 2, 7])
    assert await report.peak_of(meter, hours=3) == 4
    assert (meter.busy, meter.goodbyes) == (False, 1)


async def test_one_report_after_the_other():
    meter = Meter([3, 9, 4, 7])
    assert await report.peak_of(meter, hours=2) == 9
    assert await report.first_above(meter, 5) == 9


async def test_no_more_is_read_than_needed():
    meter = Meter([3, 9, 4, 7])
    await report.first_above(meter, 5)
    assert meter.read == 2


async def test_a_wrong_limit_frees_the_meter():
    meter = Meter([3, 9])
    with pytest.raises(TypeError):
        await report.first_above(meter, "five")
    assert (meter.busy, meter.goodbyes) == (False, 1)
"""

SKELETON = '''\
"""The night report of a power station."""


async def first_above(meter, limit):
    async for value in meter.readings():
        if value > limit:
            return value


async def peak_of(meter, hours):
    readings = meter.readings()
    return max([await anext(readings) for _ in range(hours)])
'''

ABOVE, PEAK = "test_the_first_value_above_the_limit", "test_the_peak_of_the_first_hours"
FRUGAL, WRONG_LIMIT = "test_no_more_is_read_than_needed", "test_a_wrong_limit_frees_the_meter"
LEFT_BUSY, NO_GOODBYE = "assert (True, 0)", "assert (False, 0)"

SLOW = Run(
    planted=(
        (
            "meter.py",
            "await asyncio.sleep(0)\n            self.busy = False",
            "await asyncio.sleep(0.2)\n            self.busy = False",
        ),
    )
)
BROKEN = Run(planted=(("meter.py", "self.read += 1", 'raise OSError("no current")'),))


# Nobody but the meter sets what it says of itself.
GUARDED = """\
class Meter:
    def __setattr__(self, name, value):
        import sys

        if sys._getframe(1).f_globals["__name__"] != __name__:
            raise PermissionError(f"the meter itself sets `{name}`")
        object.__setattr__(self, name, value)

"""
# The report fails after the last value was read, where no `async for` closes anything.
ODD_VALUE = """\
async def test_a_value_that_is_no_number_frees_the_meter():
    meter = Meter([3, "nine", 4])
    with pytest.raises(TypeError):
        await report.peak_of(meter, hours=2)
    assert (meter.busy, meter.goodbyes) == (False, 1)


async def test_a_wrong_limit_"""
AFTER_AN_ERROR = Run(planted=(("test_report.py", "async def test_a_wrong_limit_", ODD_VALUE),))
# While something refers to the readings, only their `aclose` ends them.
KEPT = """\
    def readings(self):
        self.kept = self._readings()
        return self.kept

    async def _readings(self):"""
REFERRED_TO = Run(planted=(("meter.py", "    async def readings(self):", KEPT),))
ITSELF = Run(planted=(("meter.py", "class Meter:\n", GUARDED),))


def _error_kept(seen: Seen) -> str | None:
    """Return the complaint if a broken meter still gave an answer."""
    if seen.outcomes.get(ABOVE) == "passed" or "no current" not in seen.failures.get(ABOVE, ""):
        return f"with a broken meter {ABOVE} did not say what is broken"
    return None


def _said(seen: Seen, words: str, *tests: str) -> bool:
    said = [seen.failures.get(test, "") for test in tests]
    return not seen.planted and any(one.startswith(words) for one in said)


def _own(seen: Seen) -> list[str]:
    return [seen.failures.get(test, "") for test in (ABOVE, PEAK, WRONG_LIMIT)]


def _one_left(seen: Seen) -> bool:
    """True if one of the two functions closes its readings and the other does not."""
    left = [seen.outcomes.get(test) == "failed" for test in (ABOVE, PEAK)]
    return not seen.planted and left[0] != left[1]


WRONG_TURNS = (
    WrongTurn(
        name="set by hand",
        did=lambda seen: seen.failed_with("the meter itself sets"),
        answer="Your code writes down that the meter is free and has heard good-bye. The generator "
        "is still half-way, and its own `finally` has not run. Await its end, and the meter "
        "does the rest.",
    ),
    WrongTurn(
        name="one of two",
        did=_one_left,
        answer="After one of the two functions the meter is free now. The other still leaves its "
        "readings half-way: a `return` out of the loop and a last `anext` do the same.",
    ),
    WrongTurn(
        name="good-bye skipped",
        did=lambda seen: _said(seen, NO_GOODBYE, ABOVE, PEAK),
        answer="The meter is free, but its `finally` has not run, so the good-bye is missing. Let "
        "the generator end normally, and await its end.",
    ),
    WrongTurn(
        name="read to the end",
        did=lambda seen: not seen.planted and [*seen.failures] == [FRUGAL],
        answer="A generator that you read to its end closes itself, but you pay for every value "
        "there is. On a meter that never ends the report would never come.",
    ),
    WrongTurn(
        name="not after an error",
        did=lambda seen: (
            ([*seen.failures] == [WRONG_LIMIT] and _said(seen, LEFT_BUSY, WRONG_LIMIT))
            or (ODD_VALUE in seen.bugs and not seen.green)
        ),
        answer="The meter is free when all goes well, and still busy after an error: an error "
        "skips the lines below it. A `finally` or an `async with` runs either way.",
    ),
    WrongTurn(
        name="left to the garbage collector",
        did=lambda seen: KEPT in seen.bugs and not seen.green,
        answer="Your code never closes the readings: it waits until Python has collected them, and "
        "here something still refers to them. Call `aclose()`, and await it.",
    ),
    WrongTurn(
        name="a little time",
        did=lambda seen: seen.planted and any("(True, 0)" in said for said in _own(seen)),
        answer="The meter got a moment for its good-bye, and here that was enough. A slower meter "
        "is still busy. Don't wait a while: await the end itself.",
    ),
)

EXERCISE = Exercise(
    stem="lc206_unclosed_asyncgen",
    kind="mend the code",
    task="Make all five tests pass, in any order: when a report is there, or has failed, the "
    "meter must have heard good-bye, however slow it is. No value may be read without "
    "need.",
    edits="report.py",
    skeleton=SKELETON,
    frozen={"test_report.py": TESTS, "meter.py": METER},
    requirements=(
        all_there(5),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="a slow meter hears the good-bye too", unmet=first_not_passed, run=SLOW),
        Requirement(
            name="the meter itself counts the good-bye", unmet=first_not_passed, run=ITSELF
        ),
        Requirement(
            name="a report that fails says good-bye too",
            unmet=first_not_passed,
            run=AFTER_AN_ERROR,
        ),
        Requirement(
            name="the readings are closed, not only forgotten",
            unmet=first_not_passed,
            run=REFERRED_TO,
        ),
        Requirement(name="an error of the meter reaches the caller", unmet=_error_kept, run=BROKEN),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "How does each of the two functions leave the readings, and what does it await there?",
        "`return` leaves the loop, and the last `anext` takes one more step; after both, the "
        "generator is suspended at its `yield`. Its `finally` runs later, in a task that asyncio "
        "starts.",
        "Put the readings in a block that awaits their end: `async with "
        "contextlib.aclosing(meter.readings()) as readings:`, and inside it `async for value in "
        "…`, or the steps with `anext(…)`. Both functions need one.",
    ),
    learned="You can see where an async generator is left half-way, and await its end.",
    seconds=6.0,
)
