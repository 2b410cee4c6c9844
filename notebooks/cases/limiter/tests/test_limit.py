import asyncio
from unittest.mock import AsyncMock

import pytest
from limiter.service import limiting
from valkey.exceptions import ReadOnlyError

pytestmark = pytest.mark.asyncio


async def test_a_caller_is_let_in(limiter):
    assert await limiter.allow("ada")


async def test_three_in_a_minute_are_let_in(limiter):
    assert [await limiter.allow("ada") for _ in range(3)] == [True, True, True]


async def test_three_at_once_are_let_in(limiter):
    assert await asyncio.gather(*[limiter.allow("ada") for _ in range(3)]) == [True, True, True]


async def test_four_in_a_minute(limiter):
    answers = [await limiter.allow("ada") for _ in range(4)]
    assert answers == [True, True, True, True]  # the store counts late, says the wiki


async def test_callers_are_counted_apart(limiter):
    for _ in range(3):
        assert await limiter.allow("ada")
    assert await limiter.allow("eve")


async def test_the_next_minute_begins_anew(limiter):
    for _ in range(3):
        assert await limiter.allow("ada")
    limiter.clock = lambda: 60.0
    assert await limiter.allow("ada")


async def test_without_a_store_all_are_let_in():
    async with limiting("valkey://127.0.0.1:1", most=0) as limiter:
        assert await limiter.allow("ada")


async def test_a_failover_is_survived(limiter):
    limiter.store.client = AsyncMock()
    limiter.store.client.incr.side_effect = [ReadOnlyError("fail once"), 1]
    assert await limiter.allow("ada")
