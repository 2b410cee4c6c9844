"""The exercise of LC504: a charging post, where a car that stops waiting frees another car's cable.

The lesson has the lock of a store, which refuses a wrong release. Here it is an `asyncio.Lock`,
which has no owner and refuses nobody. The code suppresses the only error that it raises: that is
the workaround to delete.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    passes,
)

TESTS = '''\
import asyncio
from contextlib import asynccontextmanager

import pytest
from post import Post

pytestmark = pytest.mark.asyncio


async def load():
    return "charged"


@asynccontextmanager
async def another_car(post):
    """A car that has the cable until the block ends."""
    has_it, full = asyncio.Event(), asyncio.Event()

    async def load():
        has_it.set()
        await full.wait()
        return "charged"

    charging = asyncio.create_task(post.charge(load, patience=1))
    await has_it.wait()
    try:
        yield
    finally:
        full.set()
        assert await charging == "charged"


async def test_who_waits_in_vain_leaves():
    post = Post()
    async with another_car(post):
        assert await post.charge(load, patience=0.01) == "no cable"


async def test_nobody_gets_a_cable_in_use():
    post = Post()
    async with another_car(post):
        await post.charge(load, patience=0.01)
        if await post.charge(load, patience=0.01) == "charged":
            pytest.fail("two cars at one cable, after a third gave up")


async def test_who_is_called_away_leaves():
    post = Post()
    async with another_car(post):
        waits = asyncio.create_task(post.charge(load, patience=1))
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.wait([waits])
        if await post.charge(load, patience=0.01) == "charged":
            pytest.fail("two cars at one cable, after a third was called away")


async def test_a_car_that_fails_gives_it_back():
    post = Post()

    async def fails():
        raise LookupError("no battery")

    with pytest.raises(LookupError):
        await post.charge(fails, patience=1)
    if await post.charge(load, patience=0.2) != "charged":
        pytest.fail("the cable was not given back")


async def test_patience_is_for_waiting():
    async def slowly():
        await asyncio.sleep(0.3)
        return "charged"

    if await Post().charge(slowly, patience=0.2) != "charged":
        pytest.fail("charging was broken off")


async def test_a_cable_that_somebody_pulled_is_told():
    post = Post()

    async def pulled():
        post.cable.release()

    with pytest.raises(RuntimeError, match="not acquired"):
        await post.charge(pulled, patience=1)
'''

SKELETON = '''\
"""A charging post with one cable. Who comes meanwhile waits as long as they have patience."""

import asyncio
from contextlib import suppress


class Post:
    def __init__(self):
        self.cable = asyncio.Lock()

    async def charge(self, load, patience):
        try:
            async with asyncio.timeout(patience):
                await self.cable.acquire()
        except TimeoutError:
            return "no cable"
        else:
            return await load()
        finally:
            with suppress(RuntimeError):  # "Lock is not acquired."
                self.cable.release()
'''

LAST = 'match="not acquired"):\n        await post.charge(pulled, patience=1)\n'
MORE = Run(
    planted=(
        (
            "test_post.py",
            LAST,
            f"""{LAST}

async def test_who_waits_long_enough_charges():
    post = Post()
    async with another_car(post):
        waits = asyncio.create_task(post.charge(load, patience=1))
        await asyncio.sleep(0)
    assert await waits == "charged"


async def test_a_charging_is_cancelled():
    post, begun = Post(), asyncio.Event()

    async def load_for_ever():
        begun.set()
        await asyncio.Event().wait()

    charging = asyncio.create_task(post.charge(load_for_ever, patience=1))
    await begun.wait()
    charging.cancel()
    await asyncio.wait([charging])
    assert await post.charge(load, patience=0.2) == "charged"


async def test_who_has_left_takes_no_cable():
    post = Post()
    async with another_car(post):
        assert await post.charge(load, patience=0.01) == "no cable"
    assert await post.charge(load, patience=0.2) == "charged"


async def test_who_is_called_away_is_cancelled():
    post = Post()
    async with another_car(post):
        waits = asyncio.create_task(post.charge(load, patience=1))
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.wait([waits])
    assert waits.cancelled()
""",
        ),
    )
)
WAITS, CANCELLED = "test_who_waits_long_enough_charges", "test_a_charging_is_cancelled"
LEFT, CALLED = "test_who_has_left_takes_no_cable", "test_who_is_called_away_is_cancelled"
OUT_OF_TIME = Run(  # the charging has a limit of its own, and it is over
    planted=(
        ("test_post.py", 'raise LookupError("no battery")', "raise TimeoutError"),
        ("test_post.py", "pytest.raises(LookupError)", "pytest.raises(TimeoutError)"),
    )
)

WRONG_TURNS = (
    WrongTurn(
        name="locked by whom",
        did=lambda seen: seen.failed_with("after a third gave") and "locked()" in seen.answer,
        answer="A car that gave up still frees the cable of the car that charges. `locked()` only "
        "says that some car has it, not which: a lock of asyncio has no owner. The code has "
        "to know whether it got the cable.",
    ),
    WrongTurn(
        name="the silence alone taken out",
        did=lambda seen: any(
            "Lock is not acquired" in said
            for test, said in seen.failures.items()
            if "in_vain" in test or "called_away" in test or "in_use" in test
        ),
        answer="Now the RuntimeError gets through. But it hits the car that had the cable all the "
        "time, not the one that freed it: look for the release by a car that never got the cable.",
    ),
    WrongTurn(
        name="cancelled while waiting",
        did=lambda seen: (
            seen.failed_with("after a third was called away")
            and not seen.failed_with("after a third gave")
        ),
        answer="A car that stops waiting leaves the cable alone now. A car that is cancelled "
        "while waiting does not: a cancellation is an exception, too, and runs the same release.",
    ),
    WrongTurn(
        name="never given back",
        did=lambda seen: seen.failed_with("was not given back"),
        answer="No car frees another's cable any more, but a car that fails keeps its own. The "
        "car that got the cable must release it, however the charging ends.",
    ),
    WrongTurn(
        name="a limit around it all",
        did=lambda seen: seen.failed_with("charging was broken off"),
        answer="The timeout ends the charging now. It is for the wait alone, and must be over "
        "once the car has the cable.",
    ),
    WrongTurn(
        name="still put to silence",
        did=lambda seen: seen.failed_with("DID NOT RAISE") and not seen.failed_with("two cars"),
        answer="No car frees another's cable now. So the RuntimeError can only mean that other "
        "code does, and your code still suppresses it.",
    ),
    WrongTurn(
        name="nobody waits",
        did=lambda seen: WAITS in seen.failures,
        answer="A car with patience should get the cable that comes free in time. Here it leaves "
        "as soon as it finds the cable in use.",
    ),
    WrongTurn(
        name="not after a cancel",
        did=lambda seen: CANCELLED in seen.failures,
        answer="A cancelled charging keeps the cable: `CancelledError` is no `Exception`. What "
        "gives it back belongs into a `finally`.",
    ),
)

EXERCISE = Exercise(
    stem="lc504_lock_ownership",
    kind="delete the cure",
    task="Make every test pass, in any order: only the car that got the cable may give it "
    "back, and if another car has freed it the post must say so.",
    edits="post.py",
    skeleton=SKELETON,
    frozen={"test_post.py": TESTS},
    requirements=(
        all_there(6),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="a charging that times out is no missing cable",
            unmet=first_not_passed,
            run=OUT_OF_TIME,
        ),
        passes("a car with enough patience charges", MORE, WAITS),
        passes("a charging that is cancelled gives the cable back", MORE, CANCELLED),
        passes("who has left takes no cable", MORE, LEFT),
        passes("who is called away has been cancelled", MORE, CALLED),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Which cars reach the `release()`, and which of them got the cable before?",
        "The `finally` also runs for a car that stopped waiting or was cancelled while it waited. "
        "An `asyncio.Lock` has no owner, so this frees the cable of the car that charges.",
        "Wait for the cable first, and put the code that releases it after that: `try: … await "
        'self.cable.acquire()`, `except TimeoutError: return "no cable"`, and then a second '
        "`try:` with `return await load()` and `finally: …`, without a `suppress`.",
    ),
    learned="You can see which code releases a lock, and whether it had acquired it.",
)
