import redis.asyncio as redis


class Scheduler:
    def __init__(self, url):
        self.url = url

    async def due(self):
        client = redis.from_url(self.url)
        return await client.zrangebyscore("due", 0, 10)
