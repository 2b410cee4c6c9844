"""Async words for plain things: a plain call, a list, a plain manager, and a class."""

# name: store.put('a') | store.rows | store.transaction() | Store | event.set()
# findings: 5
import asyncio
import contextlib

import pytest

pytestmark = pytest.mark.asyncio


class Store:
    def __init__(self):
        self.rows = []

    def put(self, row):
        self.rows.append(row)

    @contextlib.contextmanager
    def transaction(self):
        yield self.rows

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        self.rows.clear()


async def test_a_row():
    store = Store()
    await store.put("a")  # LC202
    assert store.rows == ["a"]


async def test_rows():
    store = Store()
    async for row in store.rows:  # LC202
        assert row


async def test_a_transaction():
    store = Store()
    async with store.transaction() as rows:  # LC202
        assert rows == []


async def test_an_object():
    async with Store as store:  # LC202
        assert store.rows == []


async def test_an_event():
    event = asyncio.Event()
    await event.set()  # LC202
    assert event.is_set()
