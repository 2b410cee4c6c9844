"""Two tasks wait for each other's locks, which managers of the project hold for them."""

# name: south.lock
# options: --loopcheck-hang=1

import asyncio
from contextlib import asynccontextmanager

import pytest


class Shelf:
    def __init__(self, *books):
        self.books, self.lock = list(books), asyncio.Lock()

    @asynccontextmanager
    async def alone(self):
        async with self.lock:  # LC203
            yield self.books


async def swap(first, second):
    async with first.alone() as mine:
        await asyncio.sleep(0)
        async with second.alone() as theirs:
            mine[0], theirs[0] = theirs[0], mine[0]


@pytest.mark.asyncio
async def test_two_swaps_change_nothing():
    north, south = Shelf("ada"), Shelf("lem")
    await asyncio.gather(swap(north, south), swap(south, north))
    assert (north.books, south.books) == (["ada"], ["lem"])
