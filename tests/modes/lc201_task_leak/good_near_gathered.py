"""What is gathered has ended, or is ended with the `gather`: nothing is left."""

import asyncio
from contextlib import suppress

import pytest

pytestmark = pytest.mark.asyncio


async def probe(delay):
    await asyncio.sleep(delay)


async def test_all_end():
    await asyncio.gather(probe(0), probe(0.001))


async def test_a_limit_ends_them_all():
    with suppress(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.gather(probe(3), probe(4))


async def test_a_cancelled_gather_ends_them_all():
    many = asyncio.gather(probe(3), probe(4))
    await asyncio.sleep(0)
    many.cancel()
    await asyncio.gather(many, return_exceptions=True)
