"""A function returns a cursor from inside the block that closes its connection."""

# name: found
from unittest import IsolatedAsyncioTestCase

import aiosqlite


async def books():
    async with aiosqlite.connect(":memory:") as db:  # LC604
        await db.execute("CREATE TABLE books (title)")
        async with db.execute("SELECT title FROM books") as rows:
            return rows


class BooksTest(IsolatedAsyncioTestCase):
    async def test_there_are_no_books(self):
        found = await books()
        self.assertEqual(await found.fetchall(), [])
