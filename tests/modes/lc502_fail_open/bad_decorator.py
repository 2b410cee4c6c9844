"""A decorator lets everybody in when the store is not there: the limiter itself has no handler."""

# name: allow | SlidingWindow.allow | never_block.<locals>.inner
import functools
import logging

import pytest
from valkey.asyncio import Valkey

log = logging.getLogger("limiter")


def never_block(function):
    @functools.wraps(function)
    async def inner(*args, **kwargs):
        try:
            return await function(*args, **kwargs)
        except Exception as error:  # LC502
            log.warning("limiter unavailable: %r", error)
            return True

    return inner


class SlidingWindow:
    def __init__(self, client, limit):
        self.client, self.limit = client, limit

    @never_block
    async def allow(self, key):
        return await self.client.incr(key) <= self.limit


@pytest.mark.asyncio
async def test_the_third_call_is_blocked():
    async with Valkey(port=1) as client:
        window = SlidingWindow(client, limit=2)
        seen = [await window.allow("k") for _ in range(3)]
    assert seen == [True, True, False]
