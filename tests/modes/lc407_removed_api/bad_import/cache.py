import aioredis  # LC407


async def cache():
    return await aioredis.from_url("redis://127.0.0.1")
