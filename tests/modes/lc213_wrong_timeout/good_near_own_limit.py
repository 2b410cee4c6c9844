"""The handler's own limit runs out, with another one inside that has time left."""

import asyncio

import pytest


class Late(Exception):
    pass


async def inner():
    async with asyncio.timeout(30):
        await asyncio.sleep(10)


async def outer():
    try:
        async with asyncio.timeout(0.02):
            return await inner()
    except TimeoutError as error:
        raise Late("20 ms") from error


@pytest.mark.asyncio
async def test_an_error():
    assert await outer() == "in time"


@pytest.mark.asyncio
async def test_wait_for():
    try:
        await asyncio.wait_for(inner(), 0.02)
    except TimeoutError:
        pytest.fail("late")
