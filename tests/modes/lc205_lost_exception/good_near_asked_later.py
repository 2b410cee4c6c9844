"""Both tests keep their tasks, and ask for what they raised after the line that fails."""

import asyncio

import pytest


async def read_price(prices, name):
    return prices[name]


def begin(prices, *names):
    return [asyncio.create_task(read_price(prices, name)) for name in names]


@pytest.mark.asyncio
async def test_prices():
    seen = {}
    reads = begin(seen, "rye", "oats")
    await asyncio.wait(reads)
    assert seen == {"rye": 3}
    assert all(isinstance(read.exception(), KeyError) for read in reads)


def test_prices_on_a_loop_of_their_own():
    async def main():
        seen = {}
        reads = begin(seen, "rye")
        await asyncio.wait(reads)
        assert seen == {"rye": 3}
        assert isinstance(reads[0].exception(), KeyError)

    asyncio.run(main())
