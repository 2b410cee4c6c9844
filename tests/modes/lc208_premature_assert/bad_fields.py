"""Two records are compared, and a callback of the loop will take away what one field counts."""

# findings: 4
# name: OrderedDict.pop | Wards._discharge | Shelf.sell
import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.asyncio


class Info(NamedTuple):
    hits: int
    size: int


class Cache:
    def __init__(self):
        self.__kept, self.__hits = OrderedDict(), 0

    def put(self, key, value):
        self.__kept[key] = value
        asyncio.get_running_loop().call_later(0.05, self.__kept.pop, key, None)

    def info(self):
        return Info(self.__hits, len(self.__kept))


@dataclass
class Beds:
    free: int
    taken: int = 0


class Wards:
    def __init__(self):
        self.patients = []

    def admit(self, name):
        self.patients.append(name)
        asyncio.get_running_loop().call_later(0.05, self._discharge, name)

    def _discharge(self, name):
        self.patients.remove(name)

    def beds(self):
        return self._count()

    def _count(self):
        return Beds(free=9, taken=len(self.patients))


class Shelf:
    def __init__(self):
        self.books = {object(): "Emma"}

    def sell(self):
        self.books.clear()


def check(cache, *, hits, size):
    assert cache.info() == Info(hits=hits, size=size)


async def test_a_cache():
    cache = Cache()
    cache.put("plum", object())
    check(cache, hits=0, size=1)
    await asyncio.sleep(0)
    check(cache, hits=0, size=0)  # LC208


async def test_a_cache_by_itself():
    cache = Cache()
    cache.put("plum", object())
    await asyncio.sleep(0)
    assert cache.info() == Info(0, 0)  # LC208


async def test_the_beds():
    wards = Wards()
    wards.admit("ana")
    await asyncio.sleep(0.01)
    assert wards.beds() == Beds(9, taken=0)  # LC208


async def test_a_length_of_anything():
    shelf = Shelf()
    asyncio.get_running_loop().call_later(0.05, shelf.sell)
    await asyncio.sleep(0)
    assert len(shelf.books) == 0  # LC208
