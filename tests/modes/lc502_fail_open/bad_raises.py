"""The test waits for a refusal under `raises`, and the error that let everybody in is swallowed."""

# name: take
# or: nothing
import fakeredis
import pytest
from redis.exceptions import RedisError


class Spent(Exception):
    pass


async def take(client, tenant):
    try:
        return await client.hincrby(tenant, "exports", 1) <= 2
    except RedisError:  # LC502
        return True


async def export(client, tenant):
    if not await take(client, tenant):
        raise Spent(tenant)


@pytest.mark.asyncio
async def test_the_third_export_is_refused():
    client = fakeredis.FakeAsyncRedis()
    await client.set("acme", "plan:small")
    await export(client, "acme")
    await export(client, "acme")
    with pytest.raises(Spent):
        await export(client, "acme")
