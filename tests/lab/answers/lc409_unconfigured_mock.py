"""Answers to the exercise of LC409: the right ones and the wrong turns."""

SKELETON_SAYS = ("every test runs and passes", 'test_a_place_is_sold: assert "<AsyncMock')

HEAD = """
from types import SimpleNamespace
from unittest.mock import AsyncMock, MagicMock, create_autospec, seal

import ferry
import pytest

pytestmark = pytest.mark.asyncio

def store_with(cars):
    store = AsyncMock()
    store.count.return_value = cars
    store.owner.return_value = SimpleNamespace(name="Ada")
    return store
"""
SOLD = """
async def test_a_place_is_sold():
    store = store_with(12)
    assert await ferry.sell(store, "HH-1") == "Ada: place 13"
    store.add.assert_awaited_once_with("cars", "HH-1")
"""
FULL = """
async def test_a_full_ferry_sells_none():
    assert await ferry.sell(store_with(40), "HH-1") == "full"
"""
ANSWERS = HEAD + SOLD + FULL


def told(old: str, new: str, text: str = ANSWERS) -> str:
    """Return an answer with a change, which must find its place."""
    assert old in text, old
    return text.replace(old, new)


OWNER = 'SimpleNamespace(name="Ada")'
COUNT = "    store.count.return_value = cars\n"

RIGHT = {
    "plain values": ANSWERS,
    "sealed": told(
        "    return store\n",
        "    store.add.return_value = None\n    seal(store)\n    return store\n",
    ),
    "bytes, as from a store": told("= cars", "= str(cars).encode()"),
    "a mock whose name was set": told(
        OWNER, "MagicMock()\n    store.owner.return_value.name = 'Ada'"
    ),
    "a store of its own": """
import asyncio
from types import SimpleNamespace
import ferry

class Store:
    def __init__(self, cars):
        self.cars = [str(n) for n in range(cars)]
    async def count(self, key):
        return len(self.cars)
    async def owner(self, plate):
        return SimpleNamespace(name="Ben")
    async def add(self, key, plate):
        self.cars.append(plate)

def test_sold():
    store = Store(39)
    assert asyncio.run(ferry.sell(store, "B-2")) == "Ben: place 40"
    assert store.cars[-1] == "B-2"

def test_full():
    store = Store(40)
    assert asyncio.run(ferry.sell(store, "B-2")) == "full"
    assert len(store.cars) == 40
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the name of the mock": (
        told(OWNER, 'MagicMock(name="Ada")'),
        "every test",
        "is still made up",
    ),
    "the made-up 1 is kept": (
        told(COUNT, "    if cars == 40:\n        store.count.return_value = cars\n").replace(
            "place 13", "place 2"
        ),
        "no answer is made up",
        "`int()` of a mock is 1",
    ),
    "sealed and empty": (
        told(COUNT, "").replace("    return store\n", "    seal(store)\n    return store\n"),
        "every test",
        "The sealed mock refuses every",
    ),
    "the count misspelt, and sealed": (
        told("store.count.", "store.cuont.").replace(
            "    return store\n", "    seal(store)\n    return store\n"
        ),
        "every test",
        "sealed mock refuses every name",
    ),
    "the count misspelt": (told("store.count.", "store.cuont."), "every test", ""),
    "a MagicMock for the store": (
        told("store = AsyncMock()", "store = MagicMock()"),
        "every test",
        "LC401",
    ),
    "nobody asks for the car": (
        told('    store.add.assert_awaited_once_with("cars", "HH-1")\n', ""),
        "a car that is not kept",
        "",
    ),
    "far from full": (told("store_with(40)", "store_with(99)"), "a place too many", "exactly full"),
    "any place will do": (
        told(
            'assert await ferry.sell(store, "HH-1") == "Ada: place 13"',
            'assert "Ada: place" in await ferry.sell(store, "HH-1")',
        ),
        "sold twice",
        "",
    ),
    "skipped": (
        told("async def test_a_full", "@pytest.mark.skip\nasync def test_a_full"),
        "every test",
        "sells no place",
    ),
}
