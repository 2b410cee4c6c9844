"""Only the first step is taken: nobody holds the generator, and its `finally` closes the client."""

# findings: 2
import asyncio

import pytest
import pytest_asyncio


class Database:
    def __init__(self):
        self.open = True

    async def execute(self, query):
        await asyncio.sleep(0.001)
        if not self.open:
            raise RuntimeError("cannot operate on a closed database")
        return query

    async def close(self):
        self.open = False


async def get_db():
    db = Database()
    try:
        yield db
    finally:
        await db.close()


async def insert(row):
    db = await anext(get_db())  # LC206
    await db.execute("begin")
    return await db.execute(row)


# name: get_db
@pytest.mark.asyncio
async def test_insert():
    assert await insert("a") == "a"


async def sessions():
    session = Database()
    try:
        yield session
    finally:
        await session.close()


@pytest_asyncio.fixture
async def session():
    return await anext(sessions())  # LC206


# name: sessions
@pytest.mark.asyncio
async def test_session(session):
    await session.execute("begin")
    assert await session.execute("b") == "b"
