"""Both limits run out: the handler is right about its own."""

import asyncio

import pytest


class Late(Exception):
    pass


async def inner():
    async with asyncio.timeout(0.02):
        await asyncio.sleep(10)


async def same():
    try:
        async with asyncio.timeout(0.02):
            return await inner()
    except TimeoutError as error:
        raise Late("20 ms") from error


async def named(seconds):
    try:
        async with asyncio.timeout(seconds) as limit:
            limit.reschedule(0)
            return await inner()
    except TimeoutError as error:
        raise Late("rescheduled") from error


@pytest.mark.asyncio
async def test_two_limits_of_one_length():
    assert await same() == "in time"


@pytest.mark.asyncio
async def test_a_limit_that_was_moved_to_now():
    assert await named(60) == "in time"
