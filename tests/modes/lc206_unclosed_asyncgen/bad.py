"""The first row is enough: nobody closes the generator that holds the connection."""

import asyncio

import pytest


class Pool:
    def __init__(self):
        self.in_use = 0

    async def rows(self):
        self.in_use += 1
        try:
            for row in range(3):
                await asyncio.sleep(0)
                yield row
        finally:
            await asyncio.sleep(0)
            self.in_use -= 1

    async def first(self):
        async for row in self.rows():  # LC206
            return row


# name: Pool.rows
@pytest.mark.asyncio
async def test_first():
    assert await Pool().first() == 0
