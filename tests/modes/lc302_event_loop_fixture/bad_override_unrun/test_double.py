"""The conftest's loop was to run the fixture's task and the test."""

# name: event_loop
import asyncio


async def test_a_number_is_doubled(doubler):
    await doubler.numbers.put(4)
    assert await asyncio.wait_for(doubler.doubled.get(), 0.2) == 8


async def test_a_number_is_taken(doubler):
    doubler.numbers.put_nowait(5)
    for _ in range(3):
        await asyncio.sleep(0)
    assert doubler.numbers.empty()
