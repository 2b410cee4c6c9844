"""Each try ends by its own limit, or by an error that is no timeout."""

import asyncio

import pytest


class NobodyHome(Exception):
    pass


async def ring(seconds):
    async with asyncio.timeout(30):
        await asyncio.sleep(seconds)


async def visit(seconds):
    for _ in range(3):
        try:
            async with asyncio.timeout(0.01):
                return await ring(seconds)
        except TimeoutError:
            await asyncio.sleep(0)
    raise NobodyHome("rang three times, 10 ms each")


async def knock():
    for _ in range(3):
        try:
            async with asyncio.timeout(5):
                raise ConnectionError("no knocker")
        except (TimeoutError, ConnectionError):
            await asyncio.sleep(0)
    raise NobodyHome("knocked three times")


@pytest.mark.asyncio
async def test_visit():
    assert await visit(10) == "come in"


@pytest.mark.asyncio
async def test_knock():
    assert await knock() == "come in"
