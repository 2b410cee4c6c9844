"""A function inside the test waits for the end first, and begins it one line too late."""

# findings: 3
# name: queue | pump | line
import asyncio

import pytest


class Queue:
    def __init__(self):
        self._down = False

    def close(self):
        self._down = True

    async def wait_closed(self):
        if not self._down:
            raise RuntimeError("it is still open")


class Pump:
    def __init__(self):
        self._pipe = None

    async def start(self):
        self._pipe = []

    async def lift(self, litres):
        self._pipe.append(litres)


def test_in_a_run_of_its_own():
    queue = Queue()

    async def finish():
        await queue.wait_closed()  # LC604
        queue.close()

    asyncio.run(finish())


@pytest.mark.asyncio
async def test_beside_others():
    pump = Pump()  # LC604

    async def lift():
        await pump.lift(3)
        await pump.start()

    await asyncio.gather(lift(), asyncio.sleep(0))


def test_what_another_run_made():
    line: Queue

    async def begin():
        nonlocal line
        line = Queue()

    async def end():
        await line.wait_closed()  # LC604
        line.close()

    asyncio.run(begin())
    asyncio.run(end())
