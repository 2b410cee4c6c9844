"""The check and the claim are one step, and the wait comes after both."""

import asyncio

import pytest


class Loader:
    def __init__(self):
        self.loading, self.loads = None, 0

    async def get(self):
        if self.loading is None:
            self.loading = asyncio.ensure_future(self.load())
        return await self.loading

    async def load(self):
        self.loads += 1
        await asyncio.sleep(0)
        return "rye"


class Door:
    def __init__(self):
        self.busy, self.passed = False, 0

    async def enter(self):
        if self.busy:
            return
        self.busy = True
        await asyncio.sleep(0)
        self.passed += 1
        self.busy = False


@pytest.mark.asyncio
async def test_loads():
    loader = Loader()
    await asyncio.gather(loader.get(), loader.get())
    assert loader.loads == 2


@pytest.mark.asyncio
async def test_door():
    door = Door()
    await asyncio.gather(door.enter(), door.enter())
    assert door.passed == 2
