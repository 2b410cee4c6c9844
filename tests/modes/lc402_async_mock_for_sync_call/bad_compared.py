"""Nothing is raised: a coroutine equals no number, and is in no list of them."""

# name: made.left | made.fee | made.open | made.more
# findings: 4
from unittest.mock import AsyncMock

import pytest

pytestmark = pytest.mark.asyncio


async def is_full(store):
    return store.left() == 0


async def is_free(store):
    fee = store.fee()
    return fee in (0, None)


async def is_open(store):
    return bool(store.open())


async def pages(store, most):
    number = 0
    while store.more() and number < most:
        number += 1
    return number


async def test_full():
    made = AsyncMock()  # LC402
    made.left.return_value = 0
    assert await is_full(made)


async def test_free():
    made = AsyncMock()  # LC402
    made.fee.return_value = 0
    assert await is_free(made)


async def test_closed():
    made = AsyncMock()  # LC402
    made.open.return_value = 0
    assert not await is_open(made)


async def test_pages():
    made = AsyncMock()  # LC402
    made.more.side_effect = [True, False]
    assert await pages(made, 9) == 1
