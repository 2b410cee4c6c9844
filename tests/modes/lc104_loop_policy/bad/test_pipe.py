"""The policy that would help is set after pytest-asyncio took its own."""

import asyncio
import os

import pytest


@pytest.fixture(autouse=True)
def selector_policy():
    old = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())  # LC104
    yield
    asyncio.set_event_loop_policy(old)


# name: asyncio.set_event_loop_policy
async def test_watch_a_pipe():
    readable, writable = os.pipe()
    seen = asyncio.Event()
    asyncio.get_running_loop().add_reader(readable, seen.set)
    os.write(writable, b"x")
    await asyncio.wait_for(seen.wait(), 1)
