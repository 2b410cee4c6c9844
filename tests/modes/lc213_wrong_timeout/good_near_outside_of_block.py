"""The inner limit runs out after the block of the other one has ended."""

import asyncio

import pytest


class Late(Exception):
    pass


async def connect():
    await asyncio.sleep(0)


async def read():
    async with asyncio.timeout(0.02):
        await asyncio.sleep(10)


async def get():
    try:
        async with asyncio.timeout(5):
            await connect()
        return await read()
    except TimeoutError as error:
        raise Late from error


@pytest.mark.asyncio
async def test_get():
    assert await get() == "page"
