"""A printer left by one test takes what the next one puts into the module's queue."""

import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def orders():
    return asyncio.Queue()


async def printer(orders, printed):
    while True:
        printed.append(await orders.get())


# name: printer
async def test_prints(orders):
    printed = []
    printing = asyncio.create_task(printer(orders, printed))  # LC201
    await orders.put("tea")
    await asyncio.sleep(0.01)
    assert printed == ["tea"] and not printing.done()


async def test_order_waits(orders):
    await orders.put("milk")
    await asyncio.sleep(0.01)
    assert orders.qsize() == 1
    assert orders.get_nowait() == "milk"


async def test_order_is_read(orders):
    await orders.put("bread")
    await asyncio.sleep(0.01)
    async with asyncio.timeout(0.05):
        assert await orders.get() == "bread"
