"""The exercise of LC215: a sauna whose guests wait for the same heat.

The lesson mends a class that owns the task. Here the owner is right, and a helper in the test file
awaits the task that the owner hands out. The owner may still end it, so no guest may be deaf to a
cancellation.
"""

from dataclasses import replace

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    each_notices,
    first_not_passed,
    notices,
    trouble,
)
from loopcheck.lab.seen import Seen

SAUNA = '''\
"""A sauna: the first guest lights the stove, and all guests wait for the same heat."""

import asyncio
from contextlib import contextmanager


class Sauna:
    def __init__(self):
        self.hot = asyncio.Event()  # set it, and the heating is done
        self.lit = self.waiting = 0  # how often the stove was lit, how many guests wait
        self.heating, self._begun = None, asyncio.Event()

    @contextmanager
    def bench(self):
        """Wait here for the heating. The first guest begins it."""
        if self.heating is None:
            self.heating = asyncio.create_task(self._heat())
        self.waiting += 1
        try:
            yield self.heating
        finally:
            self.waiting -= 1

    async def begun(self):
        await self._begun.wait()

    async def put_out(self):
        self.heating.cancel()
        await asyncio.wait([self.heating])

    async def _heat(self):
        self.lit += 1
        self._begun.set()
        await self.hot.wait()
        return "90 degrees"
'''

SKELETON = '''\
import asyncio

import pytest
from sauna import Sauna

pytestmark = pytest.mark.asyncio


async def visit(sauna, guest):
    """Wait for the heat, as each guest does."""
    with sauna.bench() as heating:
        return f"{guest} has {await heating}"


async def test_a_guest_loses_patience():
    sauna = Sauna()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(visit(sauna, "ann"), 0.1)
    sauna.hot.set()
    assert await visit(sauna, "ben") == "ben has 90 degrees"
    assert sauna.lit == 1


async def test_a_guest_is_called_away():
    sauna = Sauna()
    ann = asyncio.create_task(visit(sauna, "ann"))
    ben = asyncio.create_task(visit(sauna, "ben"))
    await sauna.begun()  # both wait
    ann.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ann
    sauna.hot.set()
    assert await ben == "ben has 90 degrees"
    assert sauna.lit == 1


async def test_the_stove_is_put_out():
    sauna = Sauna()
    ann = asyncio.create_task(visit(sauna, "ann"))
    await sauna.begun()
    await sauna.put_out()
    with pytest.raises(asyncio.CancelledError):
        await ann
'''

FILE, PUT_OUT = "sauna.py", "test_the_stove_is_put_out"
OPENS, CLOSED = "self.hot = asyncio.Event()", 'raise OSError("the sauna is closed")'
HEAT, COLD = 'return "90 degrees"', 'return "20 degrees"'
LIGHTS = "if self.heating is None:"
LIT_FOR_NEXT, LIT_FOR_EACH = "if not self.waiting:", "if self.heating is None or self.waiting:"
LEAVES = "self.waiting -= 1\n"
ENDS_WITH_LAST = (
    f"{LEAVES}            if not self.waiting:\n                self.heating.cancel()\n"
)
ENDS_WITH_ONE = f"{LEAVES}            if self.waiting:\n                self.heating.cancel()\n"
STOPS, BURNS_ON = "self.heating.cancel()", "self.hot.set()"
WAITS, AT_ONCE = "await self.hot.wait()", "await asyncio.sleep(0)"

# As right as the other sauna. It has wood for one heating, and looks at how each guest's task ends.
NO_WOOD, SWALLOWED = "no wood", "no rest"  # short, so that pytest shows them whole
NOTES = """\
    swallowed = False

    def _left(self, guest):
        if guest.cancelling() and not guest.cancelled():
            self.swallowed = True

    async def begun(self):
"""
STRICT = Run(
    planted=(
        (
            FILE,
            "self.lit += 1\n",
            f'self.lit += 1\n        if self.lit > 1:\n            return "{NO_WOOD}"\n',
        ),
        (
            FILE,
            "self.waiting += 1\n",
            "self.waiting += 1\n        asyncio.current_task().add_done_callback(self._left)\n",
        ),
        (FILE, "    async def begun(self):\n", NOTES),
        (FILE, HEAT, f'return "{SWALLOWED}" if self.swallowed else "90 degrees"'),
    )
)


def _lit_again(seen: Seen) -> str | None:
    for test, words in seen.failures.items():
        if NO_WOOD in words:
            return f"{test}: {words}"
    return None


def _not_cancelled(seen: Seen) -> str | None:
    for test, words in seen.failures.items():
        if SWALLOWED in words:
            return f"{test}: a guest's task was cancelled, and returned all the same"
    return first_not_passed(seen)


def _red(seen: Seen) -> list[str]:
    return [test for test, outcome in seen.outcomes.items() if outcome == "failed"]


def _only_one(seen: Seen) -> str | None:
    red = _red(seen)
    if len(red) > 1:
        return None
    those = f"only {red[0]} failed" if red else "every test still passed"
    return trouble(seen) or f"with this change in {FILE}, {those}"


def _both_notice(bug: str, right: str, wrong: str) -> Requirement:
    """Two tests turn red: the one with a limit, and the one with a cancelled task."""
    found = notices(bug, FILE, right, wrong)
    return replace(found, name=f"two tests notice {bug}", unmet=_only_one)


def _unnoticed(seen: Seen, *bugs: str) -> bool:
    return seen.green and any(bug in seen.bugs for bug in bugs)


WRONG_TURNS = (
    WrongTurn(
        name="swallowed",
        did=lambda seen: not seen.planted and seen.failed_with("DID NOT RAISE"),
        answer="A guest who leaves gets a result instead of the error: `visit` drops the "
        "CancelledError. That one was meant for the guest (LC207). Only the heating has to be kept "
        "from it.",
    ),
    WrongTurn(
        name="swallowed, and the tests agree",
        did=lambda seen: seen.planted and seen.failed_with(SWALLOWED),
        answer="A task was cancelled, and did not end as cancelled, since `visit` drops the "
        "CancelledError. A time limit or a TaskGroup around it would not work any more. Let the "
        "error through, and keep the heating from it.",
    ),
    WrongTurn(
        name="begun again",
        did=lambda seen: (
            seen.failed_with(NO_WOOD)
            or (not seen.planted and seen.failed_with("assert 2 == 1", "assert 3 == 1"))
        ),
        answer="The stove is lit again for the next guest: the work runs twice. Keep the first "
        "heating going when a guest leaves, and nobody has to begin it again.",
    ),
    WrongTurn(
        name="a heating that nobody can put out",
        did=lambda seen: seen.late and not seen.planted and seen.running == PUT_OUT,
        answer="The stove is put out, and a guest still waits, for something else than the heating "
        "that `bench` hands out. If it is a heating of the guest's own, the work runs more than "
        "once, and its owner can't end it. Await the one from `bench`.",
    ),
    WrongTurn(
        name="no end",
        did=lambda seen: seen.late and not seen.planted and seen.running != PUT_OUT,
        answer="A test does not end. Nothing heats this sauna until the test sets `hot`, so a "
        "longer limit only waits longer. And if `visit` catches its own cancellation and waits "
        "again, no limit can end it.",
    ),
    WrongTurn(
        name="a longer limit",
        did=lambda seen: (
            not seen.planted and seen.longest > 0.4 and seen.failed_with("CancelledError")
        ),
        answer="A longer limit changes when the guest leaves, not what happens then: the heating "
        "still ends with that guest.",
    ),
    WrongTurn(
        name="an empty test",
        did=lambda seen: (
            CLOSED in seen.bugs
            and seen.finished
            and len(_red(seen)) < len(seen.outcomes)
            and "passed" in seen.outcomes.values()
        ),
        answer="A test passes although nobody can open the sauna. It doesn't use the sauna, so it "
        "says nothing about it.",
    ),
    WrongTurn(
        name="the heat is not looked at",
        did=lambda seen: COLD in seen.bugs and seen.finished and len(_red(seen)) < 2,
        answer="A guest who stays could find a cold sauna, and your test would still pass. Keep "
        "the assertion about what `ben` gets, in both tests.",
    ),
    WrongTurn(
        name="the lighting is not counted",
        did=lambda seen: _unnoticed(seen, LIT_FOR_NEXT, LIT_FOR_EACH),
        answer="The stove could be lit once more for the next guest, and your tests would still "
        "pass. Keep the assertion about `sauna.lit`, in both tests.",
    ),
    WrongTurn(
        name="nobody leaves",
        did=lambda seen: _unnoticed(seen, ENDS_WITH_LAST, ENDS_WITH_ONE),
        answer="With this sauna the heating ends when a guest leaves the bench, and your tests "
        "still pass. So no guest leaves in them, or `visit` does not wait for the shared heating. "
        "A guest has to leave, and another one to get the heat.",
    ),
    WrongTurn(
        name="the limit does not run out",
        did=lambda seen: _unnoticed(seen, AT_ONCE),
        answer="The sauna could be hot at once, and your tests would still pass: none of them "
        "notices whether the impatient guest's limit runs out. Expect the TimeoutError.",
    ),
    WrongTurn(
        name="deaf to the owner",
        did=lambda seen: _unnoticed(seen, BURNS_ON),
        answer="The stove could burn on after `put_out`, and your tests would still pass. When the "
        "owner cancels the heating, each guest on the bench gets the CancelledError: expect it.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test has no guests. All three can pass: the fault is in how "
        "`visit` waits.",
    ),
)

EXERCISE = Exercise(
    stem="lc215_shared_cancel",
    kind="mend the test",
    task="Every test must pass and keep what it checks: a guest who leaves does not end the "
    "heating for the others, and the stove is lit once.",
    edits="test_sauna.py",
    skeleton=SKELETON,
    frozen={FILE: SAUNA},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="wood for one heating is enough", unmet=_lit_again, run=STRICT),
        Requirement(
            name="a guest who is called away ends as cancelled",
            unmet=_not_cancelled,
            run=STRICT,
        ),
        replace(
            each_notices("a sauna that is closed", FILE, OPENS, CLOSED),
            name="each test uses the sauna",
        ),
        _both_notice("a sauna that stays cold", HEAT, COLD),
        notices("a heating that ends with the last guest", FILE, LEAVES, ENDS_WITH_LAST),
        notices("a heating that ends with one of two guests", FILE, LEAVES, ENDS_WITH_ONE),
        notices("a stove that is lit for the next guest", FILE, LIGHTS, LIT_FOR_NEXT),
        notices("a stove that is lit for each guest", FILE, LIGHTS, LIT_FOR_EACH),
        notices("a sauna that is hot at once", FILE, WAITS, AT_ONCE),
        notices("a stove that burns on when it is put out", FILE, STOPS, BURNS_ON),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "`visit` awaits something that other guests await, too. Which line is that?",
        "A cancelled `visit` cancels what it awaits, and that is the heating itself. Let each "
        "guest await something of their own, which follows the heating.",
        "`asyncio.shield(…)` makes a future of the guest's own, which the cancellation ends "
        "instead. Await that in the f-string: `{await …}`. Neither the limit nor the assertions "
        "change.",
    ),
    learned="You can wait for a task that others wait for, too, and leave without ending it.",
)
