"""The test closed the generator itself, or nothing is closed."""

import asyncio

import pytest


class Database:
    def __init__(self):
        self.open = True

    async def execute(self, query):
        await asyncio.sleep(0.001)
        if not self.open:
            raise RuntimeError("cannot operate on a closed database")
        if query == "nonsense":
            raise RuntimeError("syntax error")
        return query

    async def close(self):
        self.open = False


async def get_db():
    db = Database()
    try:
        yield db
    finally:
        await db.close()


@pytest.mark.asyncio
async def test_closed_by_itself():
    rows = get_db()
    db = await anext(rows)
    await rows.aclose()
    assert await db.execute("a") == "a"


@pytest.mark.asyncio
async def test_nothing_is_closed():
    rows = get_db()
    db = await anext(rows)
    await db.execute("nonsense")
