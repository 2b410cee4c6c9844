"""A condition at module level, behind a user's own class."""

# name: shelf.changed
import asyncio

import pytest


class Shelf:
    def __init__(self):
        self.changed, self.books = asyncio.Condition(), []

    async def take(self):
        async with self.changed:
            await self.changed.wait_for(lambda: self.books)
            return self.books.pop()

    async def put(self, book):
        async with self.changed:
            self.books.append(book)
            self.changed.notify()


shelf = Shelf()  # LC102


@pytest.mark.asyncio
@pytest.mark.parametrize("book", ["Emma", "Dune"])
async def test_reader_waits_for_a_book(book):
    reader = asyncio.create_task(shelf.take())
    await asyncio.sleep(0)
    await shelf.put(book)
    assert await reader == book
