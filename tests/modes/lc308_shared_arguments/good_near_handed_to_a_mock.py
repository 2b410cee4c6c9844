"""The mock's record is what the code had passed; the assertion is wrong for another reason."""

from unittest.mock import AsyncMock

import pytest

pytestmark = pytest.mark.asyncio


class Copying:
    def __init__(self, sink):
        self._sink, self._points = sink, [1]

    async def flush(self):
        await self._sink(list(self._points))
        self._points.clear()


async def test_a_copy():
    sink = AsyncMock()
    await Copying(sink).flush()
    sink.assert_awaited_once_with([2])


class Anew:
    def __init__(self, sink):
        self._sink, self._points = sink, [1]

    async def flush(self):
        await self._sink(self._points)
        self._points = []


async def test_a_new_list():
    sink = AsyncMock()
    await Anew(sink).flush()
    sink.assert_awaited_once_with([2])


class Own:
    def __init__(self, check):
        self._check, self.rows = check, []

    async def add(self, row):
        await self._check(self.rows)
        self.rows.append(row)


async def test_the_rows_themselves():
    own = Own(AsyncMock())
    await own.add(1)
    assert own.rows == [2]
