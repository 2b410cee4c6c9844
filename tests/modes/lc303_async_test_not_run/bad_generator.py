"""A fixture's habit in a test: the yield makes it a generator."""

# name: test_stream
import asyncio


async def test_stream():  # LC303
    queue = asyncio.Queue()
    yield queue
    assert queue.empty()
