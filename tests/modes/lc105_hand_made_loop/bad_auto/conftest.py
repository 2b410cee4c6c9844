# name: timer
import asyncio

import pytest


async def tick():
    await asyncio.sleep(0)
    return "tick"


@pytest.fixture
def timer():
    loop = asyncio.new_event_loop()  # LC105
    timer = loop.create_task(tick())
    yield timer
    loop.run_until_complete(timer)
    loop.close()
