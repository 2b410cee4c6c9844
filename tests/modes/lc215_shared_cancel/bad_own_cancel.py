"""The last visitor closes the tour, which cancels the task of the guide that closes it."""

import asyncio

import pytest


class Tour:
    def __init__(self, visitors):
        self.visitors = visitors
        self.guide = None

    async def lead(self):
        while self.visitors:
            await asyncio.sleep(0)
            self.visitors -= 1
        await self.close()

    async def close(self):
        self.guide.cancel()  # LC215
        await asyncio.sleep(0)
        self.visitors = None


# name: self.guide
@pytest.mark.asyncio
async def test_the_guide_comes_back():
    tour = Tour(2)
    tour.guide = asyncio.create_task(tour.lead())
    await tour.guide
    assert tour.visitors is None
