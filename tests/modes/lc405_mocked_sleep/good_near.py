"""Sleeps replaced for good reasons, and tests that fail, or stand still, for other ones."""

# options: --loopcheck-hang=5

import asyncio
from unittest.mock import AsyncMock, call, patch

import pytest

real = asyncio.sleep


async def retry(ask):
    for tries in range(3):
        try:
            return await ask()
        except OSError:
            await asyncio.sleep(2**tries)
    raise OSError("gave up")


async def broken():
    raise OSError("no route")


async def forever(seen):
    while True:
        seen.append(1)
        await asyncio.sleep(60)


@pytest.mark.asyncio
@patch("asyncio.sleep", new_callable=AsyncMock)
async def test_the_delays_are_others(sleep):
    with pytest.raises(OSError, match="gave up"):
        await retry(broken)
    assert sleep.await_args_list == [call(1), call(2), call(8)]


@pytest.mark.asyncio
@patch("asyncio.sleep", new_callable=AsyncMock)
async def test_it_gives_up(sleep):
    await retry(broken)


@pytest.mark.asyncio
async def test_a_side_effect_ends_the_loop():
    seen = []
    ends = AsyncMock(side_effect=[None, None, asyncio.CancelledError()])
    with patch("asyncio.sleep", ends), pytest.raises(asyncio.CancelledError):
        await forever(seen)
    assert seen == [1, 1]


@pytest.mark.asyncio
async def test_a_double_that_gives_way(monkeypatch):
    async def shortly(seconds, result=None):
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", shortly)
    seen = []
    polling = asyncio.create_task(forever(seen))
    await asyncio.sleep(60)
    await asyncio.sleep(60)
    polling.cancel()
    assert seen == []


@pytest.mark.asyncio
async def test_a_recursion_of_its_own():
    async def deeper(n):
        return await deeper(n + 1)

    with patch("asyncio.sleep", AsyncMock()):
        await deeper(0)


async def limited(seconds):
    try:
        async with asyncio.timeout(seconds):
            await asyncio.sleep(10)
            return "late"
    except TimeoutError:
        return "fallback"


@pytest.mark.asyncio
@patch("asyncio.sleep", new_callable=AsyncMock)
async def test_another_answer_is_wanted_than_that_of_the_limit(sleep):
    assert await limited(1) == "in time"
