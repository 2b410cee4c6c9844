"""A helper looks at what it is handed until it gives up; the sink's loop stands still."""

import asyncio

import pytest
import pytest_asyncio


class Sink:
    def __init__(self):
        self.rows, self.queue = [], asyncio.Queue()

    async def run(self):
        while True:
            self.rows.append(await self.queue.get())


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sink():  # LC106
    sink = Sink()
    running = asyncio.create_task(sink.run())
    yield sink
    running.cancel()


async def eventually(check):
    for _ in range(20):
        if check():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never happened")


# name: sink
@pytest.mark.asyncio
async def test_a_row_is_kept(sink):
    sink.queue.put_nowait(1)
    await eventually(lambda: sink.rows == [1])
