"""A helper sets a policy for what the fixture starts itself, and failures beside it."""

import asyncio

import pytest


def install(policy):
    asyncio.set_event_loop_policy(policy)


def setup_module():
    install(asyncio.DefaultEventLoopPolicy())


async def total(*prices):
    assert asyncio.get_running_loop().is_running()
    return sum(price if isinstance(price, int) else 0 for price in prices)


@pytest.mark.asyncio
async def test_total():
    prices = await total(3, 4)
    assert prices == 12


@pytest.mark.asyncio
async def test_type():
    assert type(await total(3, 4)) is str
