"""LC409 unconfigured-mock: the solution of the exercise, why it works, and one other good way.

What was wrong: no line configured the answers of the mock. `owner.name` was a mock, which the
assert showed. `count` returned a mock as well, and `int()` turned it into a 1 before the test could
see it: that is the source of "place 2". The second test misspelt `count`, and the mock accepted it.
Its last line only mentioned an attribute, and asserted nothing.

What changed: the test sets both answers to plain values. `seal` comes last: from then on the mock
refuses each name that is not configured, so `cuont` would be an AttributeError at once. And the
tests assert the ferry's answer, and the car that it keeps.

Another good way: a small class with `count`, `owner` and `add`, which keeps its cars in a list. It
can't make anything up, and the full ferry is one with forty cars in it.
"""

from types import SimpleNamespace
from unittest.mock import AsyncMock, seal

import ferry
import pytest

pytestmark = pytest.mark.asyncio


def store_with(cars):
    store = AsyncMock()
    store.count.return_value = cars
    store.owner.return_value = SimpleNamespace(name="Ada")
    store.add.return_value = None
    seal(store)
    return store


async def test_a_place_is_sold():
    store = store_with(cars=12)
    assert await ferry.sell(store, "HH-1") == "Ada: place 13"
    store.add.assert_awaited_once_with("cars", "HH-1")


async def test_a_full_ferry_sells_none():
    store = store_with(cars=40)
    assert await ferry.sell(store, "HH-1") == "full"
    store.add.assert_not_awaited()
