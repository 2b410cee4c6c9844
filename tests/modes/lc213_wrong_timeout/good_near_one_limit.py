"""A single limit, and a handler that is meant for it."""

import asyncio

import pytest


class Late(Exception):
    pass


async def fetch():
    async with asyncio.timeout(0.02):
        await asyncio.sleep(10)


async def get():
    try:
        return await fetch()
    except TimeoutError as error:
        raise Late("slow server") from error


async def get_or_none():
    try:
        return await asyncio.wait_for(asyncio.sleep(10), 0.02)
    except TimeoutError:
        return None


@pytest.mark.asyncio
async def test_late():
    assert await get() == "page"


@pytest.mark.asyncio
async def test_none():
    assert await get_or_none() == "page"
