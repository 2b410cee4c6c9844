"""The exercise of LC302: a garage whose tests keep an `event_loop` fixture from years ago.

The lesson shows an override that gives no test its loop. Here a fixture and a synchronous test also
request it, so deleting it is only the first step.
"""

from loopcheck.lab.exercise import Exercise, Requirement, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)
from loopcheck.lab.seen import Seen

GARAGE = '''\
"""A garage: at the barrier, cars pay one after the other."""

import asyncio


class Garage:
    def __init__(self):
        self.barrier = asyncio.Semaphore(1)
        self.cents = 0

    async def leave(self, minutes):
        async with self.barrier:
            cents = self.cents
            await asyncio.sleep(0)  # the ticket is printed
            self.cents = cents + 5 * minutes
'''

SKELETON = """\
import asyncio

import pytest
import pytest_asyncio
from garage import Garage


@pytest.fixture(scope="module")
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest_asyncio.fixture(scope="module")
async def garage(event_loop):
    return Garage()


@pytest.mark.asyncio
async def test_two_cars_pay(garage):
    before = garage.cents
    await asyncio.gather(garage.leave(10), garage.leave(20))
    assert garage.cents == before + 150


@pytest.mark.asyncio
async def test_three_cars_pay(garage):
    before = garage.cents
    await asyncio.gather(*(garage.leave(10) for _ in range(3)))
    assert garage.cents == before + 150


def test_a_car_that_leaves_at_once_pays_nothing(event_loop, garage):
    before = garage.cents
    event_loop.run_until_complete(garage.leave(0))
    assert garage.cents == before
"""

FILE = "garage.py"


def _still_there(seen: Seen) -> str | None:
    if "event_loop" not in seen.own_fixtures:
        return None
    return "there is one; pytest-asyncio does not look for it, so it gives no test its loop"


WRONG_TURNS = (
    WrongTurn(
        name="still asked for",
        did=lambda seen: seen.failed_with("fixture 'event_loop' not found"),
        answer="The fixture is gone, and something still requests it: a fixture or a test has "
        "`event_loop` in its arguments. An async function needs none. A synchronous one that ran "
        "a coroutine on it can be `async` itself, and `await`.",
    ),
    WrongTurn(
        name="a loop for each test",
        did=lambda seen: bool(seen.refused) and "event_loop" not in seen.own_fixtures,
        answer="The fixture is gone, and so is its purpose: the tests share a garage, and each "
        "runs on its own loop. Set a wider `loop_scope`, or give each test its own garage.",
    ),
    WrongTurn(
        name="a loop that nobody made",
        did=lambda seen: seen.failed_with("There is no current event loop"),
        answer="`get_event_loop` returns a loop that other code made, and there is none here. "
        "That is LC105. An `async` test already runs on a loop and needs to look for none.",
    ),
    WrongTurn(
        name="one car at a time",
        did=lambda seen: seen.green and "if self.barrier:" in seen.bugs,
        answer="Two cars that pay at the same time go unnoticed in your tests. Let several leave "
        "at once, and compare what they paid together.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test hides that its loop is not the one you mean. All three "
        "can run.",
    ),
)

EXERCISE = Exercise(
    stem="lc302_event_loop_fixture",
    kind="delete the cure",
    task="No fixture may be named `event_loop` any more; all three tests must pass, in any "
    "order, and still notice when two cars pay at the same time.",
    edits="test_garage.py",
    skeleton=SKELETON,
    frozen={FILE: GARAGE},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        Requirement(name="no fixture is called event_loop", unmet=_still_there),
        NOTHING_LEFT,
        ANY_ORDER,
        notices(
            "that two cars pay at the same time",
            FILE,
            "async with self.barrier:",
            "if self.barrier:",
        ),
        notices("a minute too many on each ticket", FILE, "5 * minutes", "5 * (minutes + 1)"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Which functions have `event_loop` in their arguments, and on which loops do the two "
        "async tests run?",
        "No test runs on the loop of that fixture. The module shares the garage, each async test "
        "runs on its own loop, and the synchronous test uses a third one.",
        "Delete the fixture and remove `event_loop` from all arguments. Make the third test "
        "`async def`, with `await garage.leave(0)`. Then use one loop for all three: `pytestmark "
        "= pytest.mark.asyncio(loop_scope=…)`, with the scope that the garage has.",
    ),
    learned="You can delete an `event_loop` fixture, and set the loop scope instead.",
)
