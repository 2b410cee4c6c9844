import asyncpg

from shop.config import settings


class Orders:
    def __init__(self, dsn=None):
        self.dsn = dsn or settings.dsn

    async def count(self):
        connection = await asyncpg.connect(self.dsn)
        try:
            return await connection.fetchval("select count(*) from orders")
        finally:
            await connection.close()
