"""A task takes one step ahead of who iterates, and is left when that one stops early."""

import asyncio

import pytest


class Prefetch:
    def __init__(self, rows):
        self.rows = rows
        self.next = None

    def ahead(self):
        self.next = asyncio.ensure_future(anext(self.rows))  # LC201

    async def step(self):
        self.next or self.ahead()
        value = await self.next
        self.ahead()
        return value


async def source(count):
    for number in range(count):
        await asyncio.sleep(0.01)
        yield number


# name: source
@pytest.mark.asyncio
async def test_first():
    assert await Prefetch(source(3)).step() == 0
