from redis.asyncio import Redis


class Board:
    def __init__(self):
        self.client = Redis(host="127.0.0.1", port=1)

    async def best(self):
        return await self.client.zrange("best", 0, 3)
