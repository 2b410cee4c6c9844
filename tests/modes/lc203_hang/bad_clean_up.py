"""A clean-up waits for what an error has prevented: the report shows the wait, not the error."""
# name: done | ready | self.empty
# options: --loopcheck-hang=1
# findings: 3

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def work(prices, done):
    for price in prices:
        if price < 0:
            raise ValueError("negative price")  # LC203
    done.set()


async def test_a_finally():
    done = asyncio.Event()
    try:
        await work([1, -1], done)
    finally:
        await done.wait()


async def test_a_handler_that_raises_again():
    ready = asyncio.Event()
    try:
        await work({"pen": 1}["ink"], ready)  # LC203
    except Exception:
        async with asyncio.timeout(0.2):
            await ready.wait()
        raise


class Stock:
    async def __aenter__(self):
        self.empty = asyncio.Condition()
        return self

    async def __aexit__(self, *_):
        async with self.empty:
            await self.empty.wait()


async def test_an_exit():
    async with Stock():
        assert [] == ["pen"]  # LC203
