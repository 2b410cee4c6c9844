import os

import asyncpg
import pytest_asyncio


class Rooms:
    def __init__(self, connection):
        self.connection = connection

    async def count(self):
        return await self.connection.fetchval("select 7")


@pytest_asyncio.fixture
async def rooms():
    connection = asyncpg.connect(os.environ["POSTGRES_URL"])  # LC507
    yield Rooms(connection)
