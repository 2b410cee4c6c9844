"""The one worker of a queue has failed: what it took is never marked as done."""

# name: courier.bag
import asyncio

import pytest
import pytest_asyncio


class Courier:
    def __init__(self):
        self.bag, self.delivered = asyncio.Queue(), []
        self.tour = asyncio.create_task(self.deliver())

    async def deliver(self):
        while True:
            parcel = await self.bag.get()
            self.delivered.append({"book": "Mill Lane"}[parcel])  # LC203
            self.bag.task_done()


@pytest_asyncio.fixture
async def courier():
    courier = Courier()
    yield courier
    courier.tour.cancel()


@pytest.mark.asyncio
async def test_two_parcels(courier):
    courier.bag.put_nowait("letter")
    courier.bag.put_nowait("book")
    async with asyncio.timeout(0.3):
        await courier.bag.join()
