"""The code itself raises a TimeoutError, or another error ends the wait."""

import asyncio

import pytest


class Late(Exception):
    pass


async def refuses():
    raise TimeoutError("the server says 504")


async def breaks():
    raise ConnectionResetError("gone")


async def get(work):
    try:
        async with asyncio.timeout(5):
            return await work()
    except OSError as error:
        raise Late from error


@pytest.mark.parametrize("work", [refuses, breaks])
@pytest.mark.asyncio
async def test_get(work):
    assert await get(work) == "page"
