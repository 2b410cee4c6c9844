"""The library awaits what it retries, and gives up: the gauge stays busy."""

import functools

import pytest
from persistent import retry


class GaugeBusy(Exception):
    pass


def counted(function):
    @functools.wraps(function)
    async def count(*args):
        return await function(*args)

    return count


def plain(function):
    """Outside of the retries it misses nothing."""

    def call(*args):
        return function(*args)

    return call


@plain
@retry(GaugeBusy)
@counted
async def level(name):
    raise GaugeBusy(name)


@pytest.mark.asyncio
async def test_a_gauge_that_stays_busy():
    assert await level("north") == 12
