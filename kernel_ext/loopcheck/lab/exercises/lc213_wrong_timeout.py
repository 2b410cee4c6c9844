"""The exercise of LC213: a bus tour with a limit for each stop and one for the whole tour.

The lesson mends a handler. Here the handler is right, and the tests would not notice if it were
not: they have to let each of the two limits run out, and tell which one it was.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)

TOUR = '''\
"""A bus tour: the driver waits a moment at each stop, and has to be back in time."""

import asyncio

STOP, TOUR = 0.05, 0.5  # seconds: for one stop, for the whole tour


class NoShow(Exception):
    pass


class TourTooLong(Exception):
    pass


async def board(stop):
    async with asyncio.timeout(STOP):
        return await stop()


async def tour(*stops):
    aboard = []
    try:
        async with asyncio.timeout(TOUR) as limit:
            for stop in stops:
                aboard.append(await board(stop))
    except TimeoutError:
        if limit.expired():
            raise TourTooLong(f"back with {len(aboard)} people") from None
        raise NoShow(f"stop {len(aboard) + 1}") from None
    return aboard
'''

SKELETON = """\
import asyncio

import pytest
from tour import NoShow, TourTooLong, tour

pytestmark = pytest.mark.asyncio


async def ann():
    return "ann"


async def nobody():
    await asyncio.sleep(3600)


async def test_everybody_comes():
    assert await tour(ann, ann) == ["ann", "ann"]


async def test_nobody_comes():
    with pytest.raises((NoShow, TourTooLong)):
        await tour(ann, nobody)
"""

FILE, ASKS = "tour.py", "if limit.expired():"
LONG, ABSENT = "raise TourTooLong(f", "raise NoShow(f"

WRONG_TURNS = (
    WrongTurn(
        name="half of it",
        did=lambda seen: seen.planted and seen.green and ABSENT in seen.bugs,
        answer="The handler could call every limit a no-show, and your tests would still pass. Let "
        "the limit of the tour run out in one of them, and expect `TourTooLong` alone.",
    ),
    WrongTurn(
        name="the bare error",
        did=lambda seen: not seen.planted and seen.failed_with("NoShow: stop", "NoShow('stop"),
        answer="Callers of `tour` meet no `TimeoutError`: the handler says which of the two limits "
        "ran out. Expect the class that it raises for this one.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test waits at no stop. Both limits can run out in a test.",
    ),
)

EXERCISE = Exercise(
    stem="lc213_wrong_timeout",
    kind="write the test that catches the planted bug",
    task="Every test must pass. A test must fail if the handler reports a no-show as a long tour, "
    "or a long tour as a no-show. One must also fail if a single stop may take as long as the "
    "whole tour.",
    edits="test_tour.py",
    skeleton=SKELETON,
    frozen={FILE: TOUR},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a no-show that is reported as a long tour", FILE, ABSENT, LONG),
        notices("a long tour that is reported as a no-show", FILE, LONG, ABSENT),
        notices("a handler that takes each for the other", FILE, ASKS, "if not limit.expired():"),
        notices("a stop without a limit of its own", FILE, "timeout(STOP)", "timeout(TOUR)"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Two limits, two errors: which of them does each of your tests let run out?",
        "`pytest.raises` with two classes accepts either. Expect one of them, and add a test in "
        "which the tour's own limit is the shorter one.",
        '`monkeypatch.setattr("tour.…", 0.01)` makes the limit of the tour the shorter one. '
        "Then `with pytest.raises(TourTooLong): …`, and `NoShow` alone in the other test.",
    ),
    learned="You can write a test for each of two limits, and tell which one ran out.",
)
