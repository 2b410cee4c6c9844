"""The client sits two objects deep in what a fixture gives."""

# name: cart.repo.store
import os
from types import SimpleNamespace

import pytest
import redis.asyncio as redis


class Repo:
    def __init__(self, store):
        self.store = store

    async def add(self, item):
        return await self.store.rpush("cart:ada", item)


@pytest.fixture(scope="module")
def cart():  # LC102
    return SimpleNamespace(owner="ada", repo=Repo(redis.from_url(os.environ["VALKEY_URL"])))


@pytest.mark.asyncio(loop_scope="module")
async def test_first_item(cart):
    assert await cart.repo.add("apples") >= 1


@pytest.mark.asyncio
async def test_second_item(cart):
    assert await cart.repo.add("pears") >= 2
