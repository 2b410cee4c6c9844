"""A mock keeps what it got, and the code has changed that since: its record shows the change."""

# name: self._points | self._open | self._names | self._rows
# findings: 4
from unittest.mock import AsyncMock, MagicMock, call

import pytest

pytestmark = pytest.mark.asyncio


class Buffer:
    def __init__(self, sink, limit=2):
        self._sink, self._limit = sink, limit
        self._points = []

    async def add(self, name, value):
        self._points.append({"name": name, "value": value})
        if len(self._points) >= self._limit:
            await self.flush()

    async def flush(self):
        await self._sink.write(self._points)
        self._points.clear()  # LC308


async def test_a_full_batch():
    sink = MagicMock(write=AsyncMock())
    buffer = Buffer(sink)
    for number in range(2):
        await buffer.add("cpu", number)
    (points,) = sink.write.await_args.args
    assert [one["value"] for one in points] == [0, 1]


class Orders:
    def __init__(self, save):
        self.save = save
        self._open = {}

    async def take(self, table, dish):
        self._open[table] = dish

    async def close(self):
        await self.save(orders=self._open)
        for table in list(self._open):
            del self._open[table]  # LC308


async def test_the_orders_are_saved():
    save = AsyncMock()
    orders = Orders(save)
    await orders.take(4, "soup")
    await orders.close()
    save.assert_awaited_once_with(orders={4: "soup"})


class Guests:
    def __init__(self, greet):
        self._greet = greet
        self._names = set()

    async def arrive(self, name):
        await self._greet(self._names)  # LC308
        self._names.add(name)


@pytest.fixture
def greet():
    return AsyncMock()


async def test_who_is_there_already(greet):
    guests = Guests(greet)
    await guests.arrive("Ada")
    await guests.arrive("Ben")
    assert greet.await_args_list == [call(set()), call({"Ada"})]


class Export:
    async def __aenter__(self):
        self._rows = ["head"]
        return self

    async def __aexit__(self, *error):
        await self.upload(self._rows)
        self._rows[:] = []  # LC308

    def __init__(self, upload):
        self.upload = upload


async def test_an_export():
    upload = AsyncMock()
    export = Export(upload)
    await export.__aenter__()
    await export.__aexit__()
    upload.assert_awaited_with(["head"])
