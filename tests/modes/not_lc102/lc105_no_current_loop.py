"""LC105: synchronous code looks up a loop that an async test has taken away."""

import asyncio

import pytest


async def answer():
    return 42


@pytest.mark.asyncio
async def test_async_code_comes_first():
    assert await answer() == 42


def test_synchronous_code_looks_up_a_loop():
    coro = answer()
    try:
        assert asyncio.get_event_loop().run_until_complete(coro) == 42
    finally:
        coro.close()
