"""Handlers and managers that let the error pass, or one way of two. The limit is a plain slip."""

import asyncio

import pytest


class Full(Exception):
    pass


class Counted:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, trace):
        return kind is KeyError


class Shelf:
    limit = 20  # the slip: it was to be 2

    def __init__(self):
        self.books = []

    async def put(self, book):
        if len(self.books) >= self.limit:
            raise Full(book)
        self.books.append(book)

    async def put_counted(self, book):
        async with Counted():
            try:
                await self.put(book)
            except Full:
                self.books.clear()
                raise

    async def put_somewhere(self, book):
        try:
            await self.put(book)
        except Full:
            await asyncio.sleep(0)
        if len(self.books) > self.limit:
            raise Full(book)


@pytest.mark.asyncio
async def test_a_third_book_is_refused():
    shelf = Shelf()
    with pytest.raises(Full):
        for book in "abc":
            await shelf.put_counted(book)


@pytest.mark.asyncio
async def test_a_third_book_is_refused_somewhere():
    shelf = Shelf()
    with pytest.raises(Full):
        for book in "abc":
            await shelf.put_somewhere(book)


class Keeper:
    """Keeps the error for the line that asks: here the test forgets to."""

    def __init__(self):
        self.error = None

    async def put(self, shelf, book):
        try:
            await shelf.put(book)
        except Full as error:
            self.error = error

    def close(self):
        if self.error is not None:
            raise self.error


@pytest.mark.asyncio
async def test_the_keeper_tells():
    shelf, keeper = Shelf(), Keeper()
    shelf.limit = 1
    with pytest.raises(Full):
        await keeper.put(shelf, "a")
        await keeper.put(shelf, "b")
