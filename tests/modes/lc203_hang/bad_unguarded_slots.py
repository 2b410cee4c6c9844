"""A cancelled task keeps its slot: `crawl` leaves the throttle only if nothing ends it before."""

# name: throttle.slots | self.slots
import asyncio

import pytest


class Throttle:
    def __init__(self, size):
        self.slots = asyncio.BoundedSemaphore(size)

    async def enter(self):
        await self.slots.acquire()

    def leave(self):
        self.slots.release()


async def crawl(throttle, page):
    await throttle.enter()  # LC203
    text = await page
    throttle.leave()
    return text


async def read(text):
    return text


@pytest.mark.asyncio
async def test_the_next_page_is_read():
    throttle = Throttle(1)
    slow = asyncio.create_task(crawl(throttle, asyncio.Event().wait()))
    await asyncio.sleep(0)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert await asyncio.wait_for(crawl(throttle, read("home")), 0.2) == "home"
