"""The answers are gathered, and the handler takes the errors of a library alone."""

# name: Quota.permit | permit
import logging

import fakeredis
import pytest
import redis.exceptions

log = logging.getLogger("quota")


class Quota:
    def __init__(self, store, limit):
        self.store, self.limit = store, limit

    async def permit(self, tenant):
        try:
            used = await self.store.incr(f"quota:{tenant}")
            if used > self.limit:
                return False
        except redis.exceptions.RedisError as error:  # LC502
            log.warning("no quota: %s", error)
        return True


@pytest.mark.asyncio
async def test_the_second_is_refused():
    server = fakeredis.FakeServer()
    server.connected = False
    quota = Quota(fakeredis.FakeAsyncRedis(server=server), limit=1)
    answers = [await quota.permit("acme") for _ in range(2)]
    assert answers == [True, False]
