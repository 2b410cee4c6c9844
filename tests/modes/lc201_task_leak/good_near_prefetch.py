"""A task takes a step of a generator, and is awaited, or cancelled and awaited."""

import asyncio
from contextlib import suppress

import pytest


async def source(count):
    for number in range(count):
        await asyncio.sleep(0.01)
        yield number


@pytest.mark.asyncio
async def test_awaited():
    rows = source(3)
    assert await asyncio.ensure_future(anext(rows)) == 0
    await rows.aclose()


@pytest.mark.asyncio
async def test_cancelled():
    rows = source(3)
    step = asyncio.ensure_future(anext(rows))
    await asyncio.sleep(0)
    step.cancel()
    with suppress(asyncio.CancelledError):
        await step


@pytest.mark.asyncio
async def test_another_number():
    assert await asyncio.ensure_future(anext(source(3))) == 1


@pytest.mark.asyncio
async def test_left_to_asyncio():
    async for number in source(3):
        assert number == 0
        break
