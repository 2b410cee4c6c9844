"""The `return` leaves the generator of a method: its clean-up has not run when the test looks."""

# name: Database.rows
import asyncio

import pytest


class Database:
    def __init__(self):
        self.open = 0

    async def rows(self, table):
        self.open += 1
        try:
            yield table
        finally:
            await asyncio.sleep(0)
            self.open -= 1


class Search:
    def __init__(self, database):
        self.database = database

    async def first(self, table):
        async for row in self.database.rows(table):  # LC206
            return row


@pytest.mark.asyncio
async def test_the_cursor_is_given_back():
    database = Database()
    assert await Search(database).first("pens") == "pens"
    assert database.open == 0
