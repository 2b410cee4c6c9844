"""Two tests append to one list, and each expects to find only its own."""

# name: EVENTS
import asyncio

import pytest

pytestmark = pytest.mark.asyncio
EVENTS = []  # LC308


async def emit(name):
    await asyncio.sleep(0)
    EVENTS.append(name)


async def test_created():
    await emit("created")
    assert EVENTS == ["created"]


async def test_deleted():
    await emit("deleted")
    assert EVENTS == ["deleted"]


async def test_both():
    await emit("created")
    await emit("deleted")
    assert len(EVENTS) == 2
