"""The block that closes the loop ends before the last call: nobody kept an object."""

# name: events

import asyncio
from contextlib import closing


async def total(*numbers):
    await asyncio.sleep(0)
    return sum(numbers)


def add_twice():
    with closing(asyncio.new_event_loop()) as events:  # LC101
        first = events.run_until_complete(total(1, 2))
    return events.run_until_complete(total(first, 3))


def test_it_adds_twice():
    assert add_twice() == 6
