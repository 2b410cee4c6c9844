"""A coroutine is awaited twice: under its name, and by a helper that tries again."""
# findings: 2
# name: answer | work

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def ask():
    await asyncio.sleep(0)
    return 42


async def flaky(seen):
    seen.append("call")
    await asyncio.sleep(0)
    if len(seen) < 2:
        raise OSError("busy")
    return "done"


async def retry(work, times=3):
    for _ in range(times):
        try:
            return await work
        except OSError:
            await asyncio.sleep(0)


async def test_two_checks():
    answer = ask()  # LC202
    assert await answer == 42
    assert await answer > 0


async def test_a_second_attempt():
    assert await retry(flaky([])) == "done"  # LC202
