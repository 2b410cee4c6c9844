"""Green, and it tests nothing: the check never came to its end."""

# name: Access.may_enter
# or: nothing
import os

import pytest
from redis.asyncio import Redis

pytestmark = pytest.mark.asyncio


class Access:
    def __init__(self, store):
        self.store = store

    async def may_enter(self, user):
        try:
            banned = await self.store.sismembers("banned", user)
            return not banned
        except Exception:  # LC502
            return True


async def test_a_guest_may_enter():
    async with Redis.from_url(os.environ["VALKEY_URL"]) as store:
        allowed = await Access(store).may_enter("ada")
    assert allowed
