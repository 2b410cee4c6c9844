"""A wrong number fails the test before the line that ends its task: that is no second fault."""

import asyncio
import gc

import pytest


async def heartbeat():
    await asyncio.sleep(60)


@pytest.fixture
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def test_the_heart_beats_twice(loop):
    task = loop.create_task(heartbeat())
    loop.run_until_complete(asyncio.sleep(0))
    assert len(asyncio.all_tasks(loop)) == 2
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))


def test_afterwards():
    gc.collect()
