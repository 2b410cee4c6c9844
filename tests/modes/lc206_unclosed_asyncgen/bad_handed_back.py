"""A helper hands the generator back, and a wrapper iterates it: the name leads to it."""

# findings: 2

import asyncio

import pytest

opened = set()


class Cursor:
    def __init__(self, name):
        self.name = name

    async def stream(self):
        opened.add(self.name)
        try:
            for row in range(3):
                yield row
        finally:
            await asyncio.sleep(0)
            opened.discard(self.name)


async def doubled(rows):
    async for row in rows:
        yield row * 2


class Doubled:
    def __init__(self, rows):
        self.rows = rows

    def __aiter__(self):
        return doubled(self.rows)


async def execute(name):
    return Cursor(name).stream()


# name: Cursor.stream
@pytest.mark.asyncio
async def test_cursor_is_given_back():
    result = await execute("plain")  # LC206
    async for row in result:
        assert row == 0
        break
    assert "plain" not in opened


@pytest.mark.asyncio
async def test_wrapped_cursor_is_given_back():
    rows = Doubled(Cursor("wrapped").stream())  # LC206
    async for row in rows:
        assert row == 0
        break
    assert "wrapped" not in opened
