import asyncio


class Leaser:
    def __init__(self, pool):
        self.pool = pool

    async def _connection(self):
        return await asyncio.wait_for(self.pool.acquire(), 0.5)

    async def run(self, sql):
        connection = await self._connection()  # LC603
        value = await connection.fetchval(sql)
        if value is None:
            return "nothing"
        await self.pool.release(connection)
        return value
