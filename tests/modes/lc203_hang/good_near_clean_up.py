"""Clean-ups that fail for reasons of their own: what they wait for comes, or its error is known."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def test_a_slow_answer():
    paid, receipts = asyncio.Event(), []
    asyncio.get_running_loop().call_later(0.4, paid.set)
    async with asyncio.timeout(0.2):
        try:
            await paid.wait()
        finally:
            assert receipts == ["pen"]


async def test_a_clean_up_that_ends():
    done = asyncio.Event()
    try:
        raise ValueError("negative price")
    finally:
        asyncio.get_running_loop().call_soon(done.set)
        await done.wait()


async def test_a_limit_that_its_handler_expects():
    seen = []
    try:
        async with asyncio.timeout(0.1):
            await asyncio.Event().wait()
    except TimeoutError:
        assert seen == ["late"]
