"""A fake that is a context manager itself, behind an opener that is async for nothing."""

import pytest

# name: FakeDatabase.begin
pytestmark = pytest.mark.asyncio


async def save(db, order):
    async with db.begin() as transaction:
        await transaction.execute("insert into orders values ($1)", order)


class FakeDatabase:
    def __init__(self):
        self.ran = []

    async def begin(self):  # LC410
        return self

    async def __aenter__(self):
        return self

    async def __aexit__(self, *details):
        pass

    async def execute(self, *query):
        self.ran.append(query)


async def test_an_order_is_saved():
    database = FakeDatabase()
    await save(database, 1)
    assert len(database.ran) == 1
