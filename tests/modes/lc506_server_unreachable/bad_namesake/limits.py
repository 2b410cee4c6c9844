import redis
import redis.asyncio

URL = "redis://127.0.0.1:1/0"  # LC506


def allowed(user):
    return redis.from_url(URL).incr(user) < 10


async def seen(user):
    client = redis.asyncio.from_url(URL)
    return await client.get(user)
