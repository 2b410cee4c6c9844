"""A cache returns one connection to all; a fixture closes it, and the cache keeps it."""
# name: Connections._by_path[':memory:']

import pytest
import pytest_asyncio
from connections import Connections

pytestmark = pytest.mark.asyncio


class Notes:
    def __init__(self, connection):
        self.connection = connection

    async def add(self, text):
        await self.connection.execute("create table if not exists notes (t text)")
        await self.connection.execute("insert into notes values (?)", (text,))

    async def close(self):
        await self.connection.close()


@pytest_asyncio.fixture
async def notes():
    notes = Notes(await Connections.get(":memory:"))
    yield notes
    await notes.close()


async def test_tea(notes):
    await notes.add("tea")


async def test_ink(notes):
    await notes.add("ink")
