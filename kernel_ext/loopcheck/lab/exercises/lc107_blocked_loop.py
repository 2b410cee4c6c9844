"""The exercise of LC107: a test that notices a gate which blocks the loop.

The lesson shows that neither a green run nor a timeout proves that the loop is free. Here the code
is right, and the learner writes the test that notices a blocked loop. It must check the effect: a
test that measures time fails on a slow registry, and one that looks for a certain call fails on
another correct way.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
)
from loopcheck.lab.seen import Seen

GATE = '''\
"""The gate of a car park. The registry of cars is slow, and its driver is synchronous."""

import asyncio
import time

OWNERS = {"B-42": "Ada"}


def look_up(plate):
    time.sleep(0.1)  # the registry answers
    return OWNERS.get(plate)


async def open_for(plate):
    owner = await asyncio.to_thread(look_up, plate)
    return owner is not None
'''

SKELETON = """\
import pytest
from gate import open_for

pytestmark = pytest.mark.asyncio


async def test_the_gate_opens_for_a_known_car():
    assert await open_for("B-42")


async def test_the_gate_stays_closed_for_others():
    assert not await open_for("X-1")
"""

FILE, RIGHT = "gate.py", "    owner = await asyncio.to_thread(look_up, plate)\n"
BLOCKED = """\
    for _ in range(3):  # until it is sure
        owner = look_up(plate)
    loop = asyncio.get_running_loop()  # not shown
    due = [one for one in loop._scheduled if not one.cancelled()]  # not shown
    if any(one.when() < loop.time() for one in due):  # not shown
        print("a timer was due meanwhile")  # not shown
"""
# A ticker that only counts turns has counted some by then: a test must ask for more than that.
YIELDS_FIRST = """\
    from concurrent.futures import ThreadPoolExecutor  # not shown
    print("the loop waits for a thread")  # not shown
    for _ in range(3): await asyncio.sleep(0)
    for _ in range(2): owner = ThreadPoolExecutor(1).submit(look_up, plate).result()
"""
ANOTHER_WAY = """\
    print("a right gate, in another way")
    owner = await asyncio.get_running_loop().run_in_executor(None, look_up, plate)
"""
SLOW = Run(planted=((FILE, "time.sleep(0.1)", 'print("a slow registry"); time.sleep(0.4)'),))
OTHER = Run(planted=((FILE, RIGHT, ANOTHER_WAY),))


def _red(seen: Seen, words: str) -> bool:
    """True if the run in which the gate prints *words* failed."""
    return words in seen.output and seen.finished and not seen.green


def _green(seen: Seen, words: str) -> bool:
    """True if the run in which the gate prints *words* passed."""
    return words in seen.output and seen.green


WRONG_TURNS = (
    WrongTurn(
        name="a limit that cannot fire",
        did=lambda seen: _green(seen, "a timer was due"),
        answer="Your timeout, or another timer, was due while the gate blocked the loop, and the "
        "test passed all the same: a timer can only fire when the loop runs, and by then the gate "
        "was done. Let something else run beside the gate, and check how far it came.",
    ),
    WrongTurn(
        name="a few turns are enough",
        did=lambda seen: _green(seen, "waits for a thread"),
        answer="That gate yields a few times, with `await asyncio.sleep(0)`, and then blocks the "
        "loop. What runs beside it must take a while, such as a few sleeps of 10 ms, not a few "
        "turns. And a thread alone proves nothing if the loop waits for it.",
    ),
    WrongTurn(
        name="the time measured",
        did=lambda seen: _red(seen, "a slow registry"),
        answer="A registry that needs 0.4 seconds is slow, but the loop is free meanwhile. The "
        "test is red for the wrong reason: it measures how long the gate takes, not whether other "
        "tasks can run.",
    ),
    WrongTurn(
        name="one call looked for",
        did=lambda seen: _red(seen, "in another way"),
        answer="That gate moves the work to a thread with `run_in_executor`, which is right, and "
        "the test is red: it checks which function is called, not whether other tasks can run.",
    ),
)

EXERCISE = Exercise(
    stem="lc107_blocked_loop",
    kind="write the test that catches the planted bug",
    task="The tests must pass, and turn red when the gate blocks the loop, in whichever way; a"
    " slow registry alone must not turn them red.",
    edits="test_gate.py",
    skeleton=SKELETON,
    frozen={FILE: GATE},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        notices("a gate that blocks the loop", FILE, RIGHT, BLOCKED),
        notices("a gate that yields first, and blocks the loop then", FILE, RIGHT, YIELDS_FIRST),
        Requirement(name="a slow registry is no fault", unmet=first_not_passed, run=SLOW),
        Requirement(name="another right gate is no fault", unmet=first_not_passed, run=OTHER),
        notices("a gate that opens for all", FILE, "owner is not None", "True"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What else could happen on the loop while the gate queries the registry, and in which "
        "order?",
        "While the loop is blocked nothing else runs, and no timeout fires. So start something "
        "beside the gate that needs much less time than the registry, and check which of them "
        "finishes first.",
        "Begin with `gate = asyncio.create_task(open_for(…))`. Then let the test itself run "
        "beside it: `await asyncio.sleep(0.01)`, a few times, or until the gate is done. Count "
        "how many sleeps ended while `not gate.done()`, and assert that it was …",
    ),
    learned="You can write a test that turns red when the loop is blocked.",
    seconds=6.0,
)
