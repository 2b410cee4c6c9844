"""The pump lives on the module's loop, which stands still while the test waits for its answer."""

import asyncio

import pytest_asyncio


async def pump(box):
    while True:
        number, reply = await box.get()
        reply.set_result(number * 2)


@pytest_asyncio.fixture
async def doubler():  # LC106
    box = asyncio.Queue()
    task = asyncio.create_task(pump(box))
    yield box
    task.cancel()


# name: doubler
async def test_the_pump_doubles(doubler):
    reply = asyncio.get_running_loop().create_future()
    doubler.put_nowait((4, reply))
    assert await asyncio.wait_for(reply, 0.3) == 8
