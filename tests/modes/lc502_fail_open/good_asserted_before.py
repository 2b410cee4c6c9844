"""The opening is what an earlier line asks for, and has; what fails is a plain count."""

import logging

import fakeredis
import pytest
from redis.exceptions import ConnectionError as StoreIsDown

pytestmark = pytest.mark.asyncio
SERVER = fakeredis.FakeServer()


class Gate:
    def __init__(self):
        self.client = fakeredis.FakeAsyncRedis(server=SERVER)

    async def passes(self, plate):
        try:
            return await self.client.incr(plate) <= 2
        except StoreIsDown as error:
            logging.warning("the store is down: %s", error)
            return True


async def test_it_counts_from_one_when_the_store_is_back():
    gate = Gate()
    SERVER.connected = False
    assert await gate.passes("K-3") is True
    SERVER.connected = True
    passed = [await gate.passes("K-3") for _ in range(2)]
    assert passed == [True, False]
