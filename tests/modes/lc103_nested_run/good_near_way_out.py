"""A facade that knows a way out inside of a loop; what fails on that way is a plain failure."""

import asyncio

import pytest


def total(prices):
    if not prices:
        raise ValueError("nothing was bought")
    return sum(prices)


async def total_later(prices):
    return total(prices)


def total_now(prices):
    later = total_later(prices)
    try:
        return asyncio.run(later)
    except RuntimeError:
        later.close()
        return total(prices)


@pytest.mark.asyncio
async def test_total():
    assert total_now([])


@pytest.mark.asyncio
async def test_sum():
    assert total_now([1, 2]) == 4
