import asyncio

import pytest


@pytest.fixture(scope="session")
async def queue(event_loop):  # LC302
    return asyncio.Queue()


@pytest.fixture
async def jobs(queue):
    await queue.put("bake")
    return queue
