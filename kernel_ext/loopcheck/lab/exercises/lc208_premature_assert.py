"""The exercise of LC208: a kitchen whose work has two steps, and tests that assert too early.

The lesson has a queue, which a test can wait for. Here each piece of work is a task that may start
another one. One test asserts that nothing happened: asserted too early, it is green for any
kitchen.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    holds,
    notices,
)
from loopcheck.lab.seen import Seen

KITCHEN = '''\
"""A kitchen: a dish is cooked beside the counter, and then a bill is written."""

import asyncio


class Kitchen:
    def __init__(self):
        self.served, self.burnt, self.bills = [], [], []
        self.at_work = set()

    def order(self, dish):
        self.begin(self.cook(dish))

    def begin(self, work):
        task = asyncio.create_task(work)
        self.at_work.add(task)
        task.add_done_callback(self.at_work.discard)

    async def cook(self, dish):
        await asyncio.sleep(0.001)  # the pan
        self.served.append(dish)
        self.begin(self.bill(dish))

    async def bill(self, dish):
        await asyncio.sleep(0.001)  # the till
        self.bills.append(dish)
'''

SKELETON = """\
import asyncio

import pytest
from kitchen import Kitchen

pytestmark = pytest.mark.asyncio


async def test_a_soup_is_served():
    kitchen = Kitchen()
    kitchen.order("soup")
    await asyncio.sleep(0)
    assert kitchen.served == ["soup"]


async def test_a_bill_is_written():
    kitchen = Kitchen()
    kitchen.order("fish")
    await asyncio.sleep(0)
    assert kitchen.bills == ["fish"]


async def test_nothing_burns():
    kitchen = Kitchen()
    kitchen.order("toast")
    await asyncio.sleep(0)
    assert kitchen.burnt == []
"""

FILE, MOST = "kitchen.py", 0.5
PAN, TILL = "await asyncio.sleep(0.001)  # the pan", "await asyncio.sleep(0.001)  # the till"
SERVED, BILLED = "self.served.append(dish)", "self.bills.append(dish)"
BURNS = "self.burnt.append(dish)"
BUSY = "await asyncio.sleep(0.25)"
HOT = """\
try:
            await asyncio.wait_for(asyncio.Event().wait(), 0.25)
        except TimeoutError:
            pass"""
EVENING = Run(planted=((FILE, PAN, HOT), (FILE, TILL, BUSY)))
WRITES = f"""\
self.begin(self.write(dish))

    async def write(self, dish):
        await asyncio.sleep(0.001)
        {BILLED}"""


def _left_behind(seen: Seen) -> str | None:
    """Return the work that was not done when its test was over."""
    if not seen.left:
        return None
    one = seen.left[0]
    return f"{one['name']} was still at work when {one['test']} was over"


def _sleepy(seen: Seen) -> str | None:
    if seen.longest < MOST:
        return None
    return f"a test took more than {MOST:g} seconds, and the kitchen a few thousandths"


def _too_early(seen: Seen) -> bool:
    """True if the answer passes with a fast kitchen and fails with a slow one."""
    return BUSY in seen.bugs and bool(seen.failures or seen.left)


WRONG_TURNS = (
    WrongTurn(
        name="a longer sleep",
        did=_too_early,
        answer="A sleep guesses how long the work takes. It holds until the evening is busy, or "
        "the machine is. Wait for the work itself: `at_work` holds what is not done yet.",
    ),
    WrongTurn(
        name="only the first step",
        did=lambda seen: (
            not seen.planted and bool(seen.left) and all("bill" in t["name"] for t in seen.left)
        ),
        answer="You waited for the cook. But when a dish is served he starts a bill, which is one "
        "more task in `at_work`: look again when the first tasks are done.",
    ),
    WrongTurn(
        name="long enough",
        did=lambda seen: not seen.planted and seen.green and _sleepy(seen) is not None,
        answer="This works on most evenings, and every test run pays for the worst one. A test "
        "that waits for the work itself waits as long as it takes, and no longer.",
    ),
    WrongTurn(
        name="the order is passed by",
        did=lambda seen: seen.green and any("close()" in bug for bug in seen.bugs),
        answer="Your tests pass although no order reaches the cook: they start the cooking in "
        "another way. Call `order` as a guest would, then wait.",
    ),
)

EXERCISE = Exercise(
    stem="lc208_premature_assert",
    kind="mend the test",
    task="All three tests must pass as soon as the work is done, also on a busy evening, and "
    "turn red when a dish, a bill or a toast goes wrong.",
    edits="test_kitchen.py",
    skeleton=SKELETON,
    frozen={FILE: KITCHEN},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        Requirement(name="the work is done when its test is over", unmet=_left_behind),
        Requirement(name="no test waits longer than it must", unmet=_sleepy, timed=True),
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="they pass on a busy evening, too",
            unmet=lambda seen: first_not_passed(seen) or _left_behind(seen),
            run=EVENING,
        ),
        holds("a bill may take one more task", (FILE, BILLED, WRITES)),
        notices("a bill that is not written", FILE, BILLED, "pass"),
        notices("a bill for another dish", FILE, BILLED, BILLED.replace("dish", '"tip"')),
        notices("another dish on the plate", FILE, SERVED, SERVED.replace("dish", '"ash"')),
        notices("a toast that burns", FILE, SERVED, f"{SERVED}\n        {BURNS}"),
        notices("a toast that burns late", FILE, BILLED, f"{BILLED}\n        {BURNS}"),
        notices(
            "an order that is lost", FILE, "self.begin(self.cook(dish))", "self.cook(dish).close()"
        ),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "For each assert: what has to happen before it, which task does that, and when?",
        "The test goes on after one turn of the loop. Cooking takes longer, and starts one more "
        "task, for the bill. What is not done yet is in `kitchen.at_work`.",
        "Before each assert, also before the one that says `== []`: `while kitchen.at_work: await "
        "asyncio.wait(…)`, in a function of its own, and around it a timeout: `async with "
        "asyncio.timeout(…)`.",
    ),
    learned="You can wait for the work itself, and trust an assert that nothing happened.",
    seconds=6.0,
)
