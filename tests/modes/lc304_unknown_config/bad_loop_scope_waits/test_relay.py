"""A letter is missing in the setting: the fixture's worker stands still while the test waits."""

# name: asyncio_default_test_loop_scop
import asyncio

import pytest


async def pump(orders):
    while True:
        number, answer = await orders.get()
        if not answer.done():
            answer.set_result(number * 2)


@pytest.fixture(scope="session")
async def orders():
    orders = asyncio.Queue()
    worker = asyncio.create_task(pump(orders))
    await asyncio.sleep(0)
    yield orders
    worker.cancel()


async def test_order(orders):
    answer = asyncio.get_running_loop().create_future()
    await orders.put((4, answer))
    assert await asyncio.wait_for(answer, 0.1) == 8
