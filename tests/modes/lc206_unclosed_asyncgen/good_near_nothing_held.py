"""Left half-way, all of them; none has anything to clean up, or it is not theirs."""

import asyncio
import os
from contextlib import suppress

import httpx
import pytest

pytestmark = pytest.mark.asyncio


async def ticks():
    number = 0
    while True:
        yield number
        number += 1
        await asyncio.sleep(0)


async def lenient():
    for text in ("1", "x", "3"):
        with suppress(ValueError):
            yield int(text)
        try:
            yield text
        except ValueError:
            yield "?"
    try:
        yield "last"
    finally:
        pass


async def test_break():
    async for number in ticks():
        if number == 3:
            break
    await anext(ticks())
    async for _ in lenient():
        break


async def test_response():
    async with httpx.AsyncClient() as client:
        async with client.stream("GET", os.environ["HTTP_URL"]) as response:
            async for _ in response.aiter_raw():
                break
