"""A question that is asked the other way round: `False` lets everybody in."""

# name: Quota.is_exceeded | is_exceeded
import logging

import pytest
from valkey.exceptions import ConnectionError as StoreConnectionError

log = logging.getLogger("quota")


class Store:
    async def incr(self, key):
        raise StoreConnectionError("gone")


class Quota:
    def __init__(self, store, limit):
        self.store, self.limit = store, limit

    async def is_exceeded(self, user):
        try:
            return await self.store.incr(user) > self.limit
        except Exception as error:  # LC502
            log.warning("no quota: %s", error)
            return False


@pytest.mark.asyncio
async def test_the_third_is_refused():
    quota = Quota(Store(), 2)
    assert [await quota.is_exceeded("ann") for _ in range(3)] == [False, False, True]
