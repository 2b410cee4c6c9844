"""A registry has it, too, but the test itself made it, on a loop of its own."""

# name: door
import asyncio

import pytest
from rooms import enter

other = asyncio.new_event_loop()


@pytest.mark.asyncio
async def test_one_may_enter():
    door = other.create_future()  # LC102
    await enter("blue", door)
