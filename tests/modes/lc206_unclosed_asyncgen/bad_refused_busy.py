"""No connection is free: the last one that was looked at belongs to a generator left half-way."""

import sqlite3

import pytest


class Connection:
    def __init__(self):
        self.raw, self.busy = sqlite3.connect(":memory:"), False


class Database:
    def __init__(self, count):
        self.connections = [Connection() for _ in range(count)]

    def connection(self):
        for one in self.connections:
            if not one.busy:
                one.busy = True
                return one
        raise ConnectionError("all connections are busy")


@pytest.fixture
def database():
    database = Database(1)
    yield database
    for one in database.connections:
        one.raw.close()


async def rows(database, query):
    connection = database.connection()
    try:
        for row in connection.raw.execute(query):
            yield row
    finally:
        connection.busy = False


# name: rows
@pytest.mark.asyncio
async def test_one_and_two(database):
    async for (found,) in rows(database, "select 1"):  # LC206
        break
    assert [row async for row in rows(database, f"select {found} + 1")] == [(2,)]
