"""The block's own error is hidden behind the lock's."""

import asyncio
import os

import pytest
from redis.asyncio import Redis


class Billing:
    def __init__(self, redis):
        self.redis = redis

    async def charge(self, user):
        async with self.redis.lock(f"charge:{user}", timeout=0.05):  # LC504
            await asyncio.sleep(0.1)
            raise LookupError(user)


# name: self.redis.lock
@pytest.mark.asyncio
async def test_charge():
    async with Redis.from_url(os.environ["VALKEY_URL"]) as redis:
        with pytest.raises(LookupError):
            await Billing(redis).charge("ada")
