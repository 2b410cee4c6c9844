"""Refusals that no early close explains: full, expected, closed twice, opened again."""

import pytest


class Lamp:
    def __init__(self):
        self._wire = None

    async def open(self):
        self._wire = object()

    async def close(self):
        self._wire = None

    def tear(self):
        self._wire = None

    async def shine(self):
        if self._wire is None:
            raise RuntimeError("the lamp has no wire")
        return "light"


@pytest.mark.asyncio
async def test_a_lamp_that_was_opened_again_and_broke():
    lamp = Lamp()
    await lamp.open()
    await lamp.close()
    await lamp.open()
    lamp.tear()
    assert await lamp.shine() == "light"


@pytest.mark.asyncio
async def test_another_refusal_is_expected():
    lamp = Lamp()
    await lamp.open()
    await lamp.close()
    with pytest.raises(ValueError):
        await lamp.shine()


class Box:
    def __init__(self):
        self.closed = False
        self.rows = []

    def close(self):
        if self.closed:
            raise RuntimeError("closed already")
        self.closed = True

    def put(self, row):
        if len(self.rows) == 1 or self.closed:
            raise OverflowError("full")
        self.rows.append(row)


@pytest.mark.asyncio
async def test_a_full_box():
    box = Box()
    box.put(1)
    box.put(2)
    box.close()


@pytest.mark.asyncio
async def test_a_box_is_closed_twice():
    box = Box()
    box.close()
    box.close()


@pytest.mark.asyncio
async def test_another_box_is_closed():
    box, other = Box(), Box()
    other.close()
    box.put(1)
    box.put(2)
