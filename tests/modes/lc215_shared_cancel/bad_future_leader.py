"""The first caller does the work, the others wait for its future. One of them is cancelled."""

# name: running | self._loading
# findings: 2
import asyncio
import contextlib

import pytest

pytestmark = pytest.mark.asyncio


class Sweep:
    def __init__(self, done):
        self._running, self.done = None, done

    async def run(self):
        running = self._running
        if running is not None:
            await running  # LC215
            return
        future = asyncio.get_running_loop().create_future()
        self._running = future
        try:
            await self.done.wait()
        finally:
            self._running = None
            future.set_result(None)


class Rooms:
    def __init__(self, sweep):
        self.sweep = sweep

    async def clean(self):
        await self.sweep.run()


async def test_one_of_three_goes():
    done = asyncio.Event()
    rooms = Rooms(Sweep(done))
    leader, second, third = (asyncio.create_task(rooms.clean()) for _ in range(3))
    await asyncio.sleep(0)
    second.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await second
    done.set()
    await leader
    await third


class Table:
    def __init__(self):
        self._loading = None

    async def rows(self, source):
        if self._loading is None:
            self._loading = asyncio.get_running_loop().create_future()
            self._loading.set_result(await source())
        return await self._loading  # LC215


async def test_a_reader_gives_up():
    table, ready = Table(), asyncio.Event()

    async def source():
        await ready.wait()
        return ["first"]

    first = asyncio.create_task(table.rows(source))
    second = asyncio.create_task(table.rows(source))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.wait([second])
    ready.set()
    assert await first == ["first"]
