"""A thread delivers, the loop notices it when its limit is due, and the task goes on too late."""

# findings: 3
# name: self._queue | future | self.ready
import asyncio
import threading

import pytest

pytestmark = pytest.mark.asyncio


class Meter:
    """Reads on a thread of its own, and calls back from there."""

    def __init__(self, values):
        self._values = values
        self.go = threading.Event()

    def start(self, on_value):
        def work():
            self.go.wait(0.05)
            for value in self._values:
                on_value(value)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def begin(self, on_value):
        threading.Thread(target=self._pump, args=(on_value,), daemon=True).start()

    def _pump(self, on_value):
        self.go.wait(0.05)
        for value in self._values:
            on_value(value)


class Log:
    def __init__(self):
        self.rows = []

    async def write(self, row):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self.rows.append(row)


class Station:
    def __init__(self, meter):
        self._queue = asyncio.Queue()
        self._meter = meter

    def _arrived(self, value):
        self._queue.put_nowait(value)  # LC203

    async def listen(self):
        self._meter.begin(self._arrived)
        return await self._queue.get()


async def test_two_values_are_written():
    log, station = Log(), Station(Meter([3, 4]))
    async with asyncio.timeout(0.3):
        value = await station.listen()
        await log.write(value)
    assert log.rows == [3]


async def measure(meter):
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def arrived(value):
        if not future.done():
            future.set_result(value)  # LC203

    meter.start(arrived)
    return await future


async def test_the_sum_of_two():
    async with asyncio.timeout(0.3):
        first = await measure(Meter([3]))
        second = await measure(Meter([4]))
    assert first + second == 7


class Door:
    def __init__(self):
        self.ready = asyncio.Event()
        self.opened = 0
        self.go = threading.Event()

    def unlock(self):
        self.go.wait(0.05)
        self.ready.set()  # LC203

    async def enter(self):
        threading.Thread(target=self.unlock).start()
        await self.ready.wait()
        for _ in range(3):
            await asyncio.sleep(0)
        self.opened += 1


async def test_one_enters():
    door = Door()
    async with asyncio.timeout(0.3):
        await door.enter()
    assert door.opened == 1
