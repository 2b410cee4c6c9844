"""Limits that run out while nothing could come any more: the tests are made for it."""

import asyncio
import contextlib

import pytest

pytestmark = pytest.mark.asyncio


async def nothing_comes(inbox):
    try:
        await asyncio.wait_for(inbox.get(), 0.05)
    except TimeoutError:
        return
    pytest.fail("something came")


async def test_nothing_is_sent_twice():
    inbox = asyncio.Queue()
    await nothing_comes(inbox)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await inbox.get()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(inbox.get(), 0.05)
    waiter = asyncio.ensure_future(inbox.get())
    assert await asyncio.wait([waiter], timeout=0.05)
    waiter.cancel()
