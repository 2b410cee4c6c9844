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
