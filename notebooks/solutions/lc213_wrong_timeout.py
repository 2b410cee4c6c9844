"""LC213 wrong-timeout: the solution of the exercise, why it works, another good way.

What was wrong: the test expected either of the two errors. So it passed whichever limit ran out,
and whatever the handler made of it. No test let the tour's own limit run out.

What changed: each limit has a test of its own, which expects the one error that belongs to it. For
the second test the tour's limit is the shorter one. Both are numbers of the module, so the test can
set them, and nobody waits for half a second.

Another good way: make the stop's limit long instead.

    monkeypatch.setattr("tour.STOP", 60)

Then the tour's limit runs out at its real length. `match="stop 2"` also checks at which stop it
was. Best of all is code that takes its limits as arguments.
"""

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
    with pytest.raises(NoShow, match="stop 2"):
        await tour(ann, nobody)


async def test_the_tour_is_too_long(monkeypatch):
    monkeypatch.setattr("tour.TOUR", 0.01)
    with pytest.raises(TourTooLong):
        await tour(ann, nobody)
