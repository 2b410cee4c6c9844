"""Helpers that are given a generator, and close it, go to its end, or hand it on."""

import asyncio
from contextlib import aclosing

import pytest

pytestmark = pytest.mark.asyncio
ended = []


async def rows():
    try:
        for row in range(3):
            yield row
    finally:
        await asyncio.sleep(0)
        ended.append("rows")


async def first(given):
    async with aclosing(given) as stream:
        async for row in stream:
            return row


async def second(given):
    async for row in given:
        if row:
            break
    await given.aclose()
    return row


async def total(given):
    return sum([row async for row in given])


async def test_helpers_that_close_it():
    assert await first(rows()) == 0
    assert await second(rows()) == 1
    assert await total(rows()) == 3
    assert len(ended) == 3


async def test_a_wrong_sum():
    assert await total(rows()) == 6
