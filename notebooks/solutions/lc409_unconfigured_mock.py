"""LC409 unconfigured-mock: the solution of the exercise, why it works, and one other good way.

What was wrong: nobody told the double what to answer. `owner.name` was a mock, which showed in the
assert. `count` gave a mock as well, and `int()` made a 1 of it before anybody could see it: that is
where "place 2" came from. The second test misspelt `count`, and the double agreed; its last line
only mentioned an attribute, and asserted nothing.

What changed: both answers are given, as plain values. `seal` comes last: from then on the double
refuses each name that was not told to it, so `cuont` would be an AttributeError at once. And the
tests ask for what the ferry answers, and for the car that it keeps.

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
