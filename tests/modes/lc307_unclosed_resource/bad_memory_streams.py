"""Ends of anyio's memory streams that nothing closes: a warning says so, and filters hide it."""
# name: send, receive | inbox | other
# passes
# findings: 3

import pytest
from anyio import create_memory_object_stream

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


async def numbers():
    send, receive = create_memory_object_stream[int](5)  # LC307
    await send.send(1)
    return await receive.receive()


async def test_a_function():
    assert await numbers() == 1


async def test_one_end():
    outbox, inbox = create_memory_object_stream(1)  # LC307
    async with outbox:
        await outbox.send("pen")
    assert await inbox.receive() == "pen"


async def test_a_clone():
    send, receive = create_memory_object_stream(3)
    async with send, receive:
        other = send.clone()  # LC307
        await other.send("ink")
