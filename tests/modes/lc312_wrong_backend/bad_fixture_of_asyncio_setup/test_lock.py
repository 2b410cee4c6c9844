"""pytest-trio runs the test, and pytest-asyncio its fixture, which opens a channel of trio's."""

import pytest
import pytest_asyncio
import trio


async def opened():
    send, receive = trio.open_memory_channel(1)
    await send.send("water")
    return receive


@pytest_asyncio.fixture
async def lock():  # LC312
    return await opened()


# name: send.send
@pytest.mark.trio
async def test_it_fills(lock):
    assert await lock.receive() == "water"
