"""The test waits, with a limit, for a function that polls; the poller's loop stands still."""

import asyncio

import pytest
import pytest_asyncio

wanted, orders = [], {}


async def sell():
    while True:
        for name in wanted:
            orders[name] = "sold"
        await asyncio.sleep(0.005)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seller():  # LC106
    task = asyncio.create_task(sell())
    yield
    task.cancel()


async def sold(name):
    while name not in orders:
        await asyncio.sleep(0.01)


# name: seller
@pytest.mark.asyncio
async def test_sold(seller):
    wanted.append("tea")
    await asyncio.wait_for(sold("tea"), 0.3)
