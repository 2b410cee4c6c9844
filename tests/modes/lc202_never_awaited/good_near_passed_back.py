"""What an `async def` hands back is awaited by who asked for it, or made a task."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio
outbox = []


async def send(to):
    outbox.append(to)


async def later(to):
    return send(to)


async def test_awaits_twice():
    await (await later("ann"))
    assert outbox == ["ann"]


async def test_makes_a_task():
    await asyncio.create_task(await later("bob"))
    assert outbox[-1:] == ["bob"]


async def test_closes_it():
    made = await later("eve")
    made.close()
