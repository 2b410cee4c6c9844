"""Something else is awaited: the mock gave the same number, and nobody handed that on."""

import asyncio
from unittest.mock import MagicMock

import pytest


def at_least_one(count):
    return max(count, 1)


async def sizes(store):
    tasks = []
    tasks.append(at_least_one(store.count()))
    return await asyncio.gather(*tasks)


async def first(store):
    found = at_least_one(store.count())
    return await found


@pytest.mark.asyncio
@pytest.mark.parametrize("ask", [sizes, first])
async def test_count(ask):
    store = MagicMock()
    store.count.return_value = 1
    assert await ask(store) == 1
