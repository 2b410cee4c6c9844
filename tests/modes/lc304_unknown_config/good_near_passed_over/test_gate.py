"""A setting that nobody reads, and failures of one loop, which it would not mend."""

import asyncio

import pytest

GATE = asyncio.Semaphore(1)


async def test_one_passes():
    async with GATE:
        assert GATE.locked()


async def test_it_is_shut():
    async with GATE:
        assert not GATE.locked()


async def test_words_of_a_loop():
    with pytest.raises(ValueError):
        raise RuntimeError("is bound to a different event loop")
