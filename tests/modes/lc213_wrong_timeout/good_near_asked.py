"""The handler asks which limit it was, and passes the other one on."""

import asyncio

import pytest


class Late(Exception):
    pass


async def inner():
    async with asyncio.timeout(0.02):
        await asyncio.sleep(10)


async def outer():
    try:
        async with asyncio.timeout(5) as limit:
            return await inner()
    except TimeoutError as error:
        if limit.expired():
            raise Late("5 s") from error
        raise RuntimeError("a sensor sleeps") from error


async def passes_on():
    try:
        async with asyncio.timeout(5):
            return await inner()
    except TimeoutError:
        raise


@pytest.mark.asyncio
async def test_asked():
    assert await outer() == "in time"


@pytest.mark.asyncio
async def test_passed_on():
    assert await passes_on() == "in time"
