"""The exercise of LC210: a weighbridge whose clerk is garbage before the first lorry comes.

The lesson's task is dropped where it starts. Here an object keeps its task, as it should, and
nothing refers to the object.
"""

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
)
from loopcheck.lab.seen import Seen

WEIGHBRIDGE = '''\
"""A weighbridge: the scale tells who listens, and a clerk fines the lorries that are too heavy."""

import asyncio
import gc
import weakref


class Scale:
    def __init__(self):
        self.listeners = weakref.WeakSet()

    def listen(self):
        weights = asyncio.Queue()
        self.listeners.add(weights)
        return weights

    async def weigh(self, tons):
        await asyncio.sleep(0.01)
        gc.collect()  # Python may do this at any line
        for weights in self.listeners:
            weights.put_nowait(tons)
        await asyncio.sleep(0.01)


class Clerk:
    def __init__(self, scale, limit):
        self.fined = []
        self.task = asyncio.create_task(self._work(scale, limit))

    async def _work(self, scale, limit):
        weights = scale.listen()
        while True:
            tons = await weights.get()
            if tons > limit:
                self.fined.append(tons)
'''

SKELETON = """\
import pytest
import pytest_asyncio
from weighbridge import Clerk, Scale


@pytest.fixture
def scale():
    return Scale()


@pytest_asyncio.fixture
async def fined(scale):
    return Clerk(scale, limit=40).fined


@pytest.mark.asyncio
async def test_a_heavy_lorry_is_fined(scale, fined):
    await scale.weigh(44)
    assert fined == [44]


@pytest.mark.asyncio
async def test_each_heavy_lorry_is_fined(scale, fined):
    for tons in (12, 41, 40, 43):
        await scale.weigh(tons)
    assert fined == [41, 43]
"""

FILE, FINES = "weighbridge.py", "self.fined.append(tons)"


GETS = "            tons = await weights.get()\n"
SLOWLY = """\
            try:
                tons = await weights.get()
            except asyncio.CancelledError:
                await asyncio.sleep(0.01)  # he puts his pen away
                raise
"""
SLOW = Run(planted=((FILE, GETS, SLOWLY),))


def _not_awaited(seen: Seen) -> str | None:
    one = next(iter((*seen.left, *seen.stopping)), None)
    if one is None:
        return first_not_passed(seen)
    return f"`{one['name']}` needs a moment to stop, and had not ended when the loop closed"


def _left_to_the_loop(seen: Seen) -> str | None:
    if not seen.left:
        return None
    return f"`{seen.left[0]['name']}` was still waiting when the loop closed"


WRONG_TURNS = (
    WrongTurn(
        name="asked, and not awaited",
        did=lambda seen: seen.planted and bool(seen.stopping) and not seen.left,
        answer="`cancel()` asks the task to stop, and returns. This clerk needs a moment for that, "
        "and the loop closed meanwhile: `await` the task after the `cancel()`.",
    ),
    WrongTurn(
        name="kept for ever",
        did=lambda seen: seen.green and bool(seen.left),
        answer="Now the clerk works, and nobody tells him that the day is over: only the end of "
        "the loop cancels him. That is LC201. Cancel and await his task after the test.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test fines no lorry. Both can run.",
    ),
)

EXERCISE = Exercise(
    stem="lc210_destroyed_pending",
    kind="mend the test",
    task="Both tests must pass, and each must fail if the clerk fines nobody. When a test is over, "
    "its clerk's task must have ended.",
    edits="test_weighbridge.py",
    skeleton=SKELETON,
    frozen={FILE: WEIGHBRIDGE},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="no task is left to the end of the loop", unmet=_left_to_the_loop),
        Requirement(name="a clerk who stops slowly is waited for", unmet=_not_awaited, run=SLOW),
        each_notices("a clerk who fines nobody", FILE, FINES, "pass"),
        notices("a clerk who fines everybody", FILE, "if tons > limit:", "if tons:"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Follow the references: the test refers to the list `fined`. What refers to the clerk?",
        "The clerk refers to his task, and the task to the clerk. The scale has only a weak "
        "reference to their queue. So the garbage collector takes all three.",
        "Let the fixture hold the clerk in a variable while it yields his list, and end him after "
        "that: `clerk.task.…()`, then `await asyncio.gather(…, return_exceptions=True)`.",
    ),
    learned="You can tell what keeps a task alive, and who has to keep it.",
)
