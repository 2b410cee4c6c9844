"""A task is asked whether it is done, right after it was started."""

import asyncio

import pytest

results = []


async def compute():
    await asyncio.sleep(0.001)
    results.append(42)


# findings: 3
# name: compute | note
@pytest.mark.asyncio
async def test_done():
    task = asyncio.create_task(compute())
    assert task.done()  # LC208


@pytest.mark.asyncio
async def test_global():
    results.clear()
    asyncio.ensure_future(compute())
    await asyncio.sleep(0)
    assert results[-1] == 42  # LC208


@pytest.mark.asyncio
async def test_closure():
    count = 0

    async def note():
        nonlocal count
        await asyncio.sleep(0.001)
        count += 1

    task = asyncio.create_task(note())
    await asyncio.sleep(0)
    assert count == 1, task  # LC208
