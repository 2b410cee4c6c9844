"""Two workers are gathered, one fails, and the test waits for its work before it awaits both."""

# name: done
import asyncio

import pytest


async def load(name, done):
    if not name:
        raise ValueError("no name")  # LC203
    done.set()


@pytest.mark.asyncio
async def test_load():
    done = asyncio.Event()
    both = asyncio.gather(load("", done), asyncio.sleep(0))
    await asyncio.wait_for(done.wait(), 0.3)
    await both
