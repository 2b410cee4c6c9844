"""A limit ends the wait, and the clean-up fails: no report says that the time was up."""
# name: paid | queue
# findings: 2

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def test_a_finally():
    paid, receipts = asyncio.Event(), []
    async with asyncio.timeout(0.2):
        try:
            await paid.wait()  # LC203
        finally:
            assert receipts == ["pen"]


async def test_a_handler_that_raises_again():
    sold = {}

    async def take(queue):
        try:
            sold["pen"] = await queue.get()  # LC203
        except asyncio.CancelledError:
            print("sold for", sold["pen"])
            raise

    queue = asyncio.Queue()
    await asyncio.wait_for(take(queue), 0.2)
