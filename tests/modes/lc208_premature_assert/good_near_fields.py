"""Two records differ in another field than the one that a callback will change, or want more."""

import asyncio
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.asyncio


class Info(NamedTuple):
    hits: int
    size: int


class Other(NamedTuple):
    hits: int
    size: int


class Cache:
    def __init__(self):
        self.kept, self.hits = {}, 0

    def put(self, key, value):
        self.kept[key] = value
        asyncio.get_running_loop().call_later(0.05, self.kept.pop, key, None)

    def info(self):
        return Info(self.hits, len(self.kept))


class Counted(dict):
    def __len__(self):
        return 0


async def filled():
    cache = Cache()
    cache.put("plum", object())
    await asyncio.sleep(0)
    return cache


async def test_more_entries():
    cache = await filled()
    assert cache.info() == Info(hits=0, size=2)


async def test_more_hits():
    cache = await filled()
    assert cache.info() == Info(1, 1)


async def test_a_class_that_counts_itself():
    cache = await filled()
    cache.kept = Counted(fig=1)
    assert len(cache.kept) == 1


async def test_another_kind_of_record():
    cache = await filled()
    cache.hits = 1
    assert cache.info() == Other(2, 1)
