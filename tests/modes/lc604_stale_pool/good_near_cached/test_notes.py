"""The cache loses what is closed, too; a plain failure stays plain."""

import pytest
import pytest_asyncio
from connections import Connections

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def notes():
    connection = await Connections.get(":memory:")
    await connection.execute("create table if not exists notes (t text)")
    yield connection
    await Connections.close(":memory:")


async def test_tea(notes):
    await notes.execute("insert into notes values ('tea')")


async def test_count(notes):
    async with notes.execute("select count(*) from notes") as rows:
        assert await rows.fetchone() == (1,)
