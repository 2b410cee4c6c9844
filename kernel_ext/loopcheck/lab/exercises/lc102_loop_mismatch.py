"""The exercise of LC102: a box office whose lock only one loop can wait on.

The lesson shows a client that a module keeps. Here nothing connects, and the fixture isn't async: a
lock deep inside the object binds itself to a loop when two buyers meet.
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
)
from loopcheck.lab.seen import Seen

BOX_OFFICE = '''\
"""A box office: many buyers, one counter."""

import asyncio


class BoxOffice:
    def __init__(self, seats: int) -> None:
        self.free = set(range(1, seats + 1))
        self.counter = asyncio.Lock()  # one buyer at a time

    async def sell(self) -> int:
        async with self.counter:
            seat = min(self.free)
            await asyncio.sleep(0)  # the card machine answers
            self.free.discard(seat)
            return seat

    async def give_back(self, seat: int) -> None:
        async with self.counter:
            self.free.add(seat)
'''

SKELETON = """\
import asyncio

import pytest
from box_office import BoxOffice


@pytest.fixture(scope="module")
def office():
    return BoxOffice(seats=40)


@pytest.mark.asyncio(loop_scope="module")
async def test_two_buyers_get_two_seats(office):
    first, second = await asyncio.gather(office.sell(), office.sell())
    assert first != second


@pytest.mark.asyncio
async def test_a_group_gets_a_seat_each(office):
    seats = await asyncio.gather(*(office.sell() for _ in range(4)))
    assert len(set(seats)) == 4


@pytest.mark.asyncio(loop_scope="module")
async def test_a_seat_given_back_is_sold_again(office):
    seat = await office.sell()
    await office.give_back(seat)
    assert await office.sell() == seat
"""


# On a busy day somebody is always at the counter already: every buyer has to wait.
CROWDED = """\
import asyncio


class Crowded(asyncio.Lock):
    async def acquire(self):
        if not self.locked():
            await super().acquire()
            asyncio.get_running_loop().call_soon(self.release)
        return await super().acquire()
"""
BUSY_DAY = Run(
    planted=(
        ("box_office.py", "import asyncio\n", CROWDED),
        ("box_office.py", "counter = asyncio.Lock()", "counter = Crowded()"),
    )
)


def _still_refused(seen: Seen) -> str | None:
    """Return where a lock refused a second loop unnoticed, or where it moved to another loop."""
    if seen.refused:
        where = seen.refused[0]
        return f"{where['test']}: the {where['type']} was refused there, and the error caught"
    if seen.moved:
        where = seen.moved[0]
        return f"{where['test']}: the {where['type']} was first waited on on another loop"
    return None


def _swallowed(seen: Seen) -> bool:
    return any(seen.outcomes.get(one["test"]) == "passed" for one in seen.refused)


def _never_met(seen: Seen) -> bool:
    """True if all tests passed and none of them had to wait for the lock."""
    return seen.green and not seen.planted and not seen.waited


def _spared_one(seen: Seen) -> bool:
    """True if a test that was green fails as soon as it has to wait."""
    return seen.planted and bool(seen.refused) and not seen.green


WRONG_TURNS = (
    WrongTurn(
        name="right in one order",
        did=lambda seen: seen.reverse and seen.failed_with("is bound to a different event loop"),
        answer="In your order it holds, and with the last test first a test meets a lock that "
        "belongs to another loop. The tests still share the office and not the loop: which of"
        " them fails depends on who comes first.",
    ),
    WrongTurn(
        name="waiting avoided",
        did=_spared_one,
        answer="One of the tests is green only while it doesn't have to wait: the office still "
        "belongs to a different loop than the test.",
    ),
    WrongTurn(
        name="event_loop fixture",
        did=lambda seen: "event_loop" in seen.own_fixtures,
        answer="pytest-asyncio 1.0 and later ignore your `event_loop` fixture without a warning, "
        "so no test runs on its loop. `loop_scope` decides which loop a test gets.",
    ),
    WrongTurn(
        name="loop policy",
        did=lambda seen: bool(seen.policies) or "event_loop_policy" in seen.own_fixtures,
        answer="A loop policy decides which kind of loop is made, not how many, and not which test "
        "gets which.",
    ),
    WrongTurn(
        name="nest_asyncio",
        did=lambda seen: seen.nested,
        answer="`nest_asyncio` lets you enter a running loop again. It doesn't turn two loops into "
        "one, and the lock belongs to one.",
    ),
    WrongTurn(
        name="caught error",
        did=_swallowed,
        answer="You catch the error, so the test is green without selling a seat. The cause is "
        "still there: a test uses the office on a loop that its lock doesn't belong to.",
    ),
    WrongTurn(
        name="lock carried over",
        did=lambda seen: bool(seen.moved),
        answer="Your code makes the lock forget its loop. A task that still waits for it on the "
        "first loop would never wake up. Give the tests one loop, or give each test its own "
        "office.",
    ),
    WrongTurn(
        name="no contention",
        did=_never_met,
        answer="A lock only binds to a loop when somebody has to wait for it. Now nobody waits, "
        "so the failure is gone, and so is the point of the test: two buyers must be at the "
        "counter at the same time.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test hides the mismatch until somebody needs that test. All "
        "three can run: the fault is in what the tests share, not in the test that fails.",
    ),
)

EXERCISE = Exercise(
    stem="lc102_loop_mismatch",
    kind="mend the test",
    task="Make all three tests pass, in any order; they must still notice a seat that is sold "
    "twice.",
    edits="test_box_office.py",
    skeleton=SKELETON,
    frozen={"box_office.py": BOX_OFFICE},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        Requirement(name="no lock is wanted on two loops", unmet=_still_refused),
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="it holds on a busy day, when every buyer has to wait",
            unmet=first_not_passed,
            run=BUSY_DAY,
        ),
        notices(
            "a seat that is sold twice",
            "box_office.py",
            "async with self.counter:\n            seat",
            "if True:\n            seat",
        ),
        notices("a seat that never comes back", "box_office.py", "self.free.add(seat)", "pass"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Look at what the three tests share, and at the line above each test that sets its loop.",
        "pytest makes `office` once for the module. Its lock belongs to the loop on which two "
        "buyers first met at the counter: the module's loop. One test runs on a loop of its own.",
        "Share everything or nothing. Everything: one line for the whole module, `pytestmark = "
        "pytest.mark.asyncio(loop_scope=…)`, with the scope that `office` has. Nothing: a new "
        "`office` for each test, `@pytest.fixture(scope=…)`.",
    ),
    learned="You can tell when two loops use one object, and bring both users onto one loop.",
)
