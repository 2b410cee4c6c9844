import asyncpg


class Db:
    _pool = None

    def __init__(self, url):
        self.url = url

    async def start(self):
        if Db._pool is None:
            Db._pool = await asyncpg.create_pool(self.url, min_size=1, max_size=2)

    async def stop(self):
        await Db._pool.close()  # LC604

    async def one(self):
        return await Db._pool.fetchval("select 1")
