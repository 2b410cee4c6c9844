"""`open` keeps its lock until `close`, so a second `open` waits, though a heartbeat goes on."""

# name: door._lock | self._lock
import asyncio

import pytest
import pytest_asyncio


class Door:
    def __init__(self):
        self._lock = asyncio.Lock()

    async def open(self):
        await self._lock.acquire()  # LC203
        self.watch = asyncio.create_task(self._watch())

    async def _watch(self):
        while True:
            await asyncio.sleep(0.01)
            if not self._lock.locked():
                await self.close()

    async def close(self):
        self.watch.cancel()
        self._lock.release()


@pytest_asyncio.fixture
async def door():
    return Door()


@pytest.mark.asyncio
async def test_it_opens_once(door):
    await door.open()
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(door.open(), 0.2)
