"""The same objects, all on the loop of the module."""

import os
from types import SimpleNamespace

import pytest
import pytest_asyncio
import redis.asyncio as redis

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Repo:
    def __init__(self, store):
        self.store = store

    async def add(self, item):
        return await self.store.rpush("cart:ada", item)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cart():
    async with redis.from_url(os.environ["VALKEY_URL"]) as store:
        yield SimpleNamespace(owner="ada", repo=Repo(store))


async def test_first_item(cart):
    assert await cart.repo.add("apples") >= 1


async def test_second_item(cart):
    assert await cart.repo.add("pears") >= 2
