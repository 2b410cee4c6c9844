"""A line fails, and frees a coroutine that it did not fail of; a `match` has no such `case`."""

from unittest.mock import AsyncMock

import pytest

pytestmark = pytest.mark.asyncio


async def label(store, number):
    return [store.touch(), "number " + number]


async def total(store, numbers):
    return sum(numbers, start=len([store.touch()]))


async def size(store):
    match store.kind():
        case "small":
            return 1
        case _:
            return 9


async def test_label():
    assert await label(AsyncMock(), 3) == "number 3"


async def test_total():
    assert await total(AsyncMock(), ["1"]) == 2


async def test_size():
    made = AsyncMock()
    made.kind.return_value = "huge"
    assert await size(made) == 8
