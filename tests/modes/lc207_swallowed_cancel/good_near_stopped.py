"""Workers that end when they are asked to, in all the ways that people write it."""

import asyncio
from contextlib import suppress

import anyio
import pytest

pytestmark = pytest.mark.asyncio


class Worker:
    def __init__(self):
        self.jobs, self.stopping, self.flushed = asyncio.Queue(), False, False
        self.task = asyncio.create_task(self.run())

    async def run(self):
        while not self.stopping:
            try:
                await self.jobs.get()
            except asyncio.CancelledError:
                break
        await asyncio.sleep(0)
        self.flushed = True

    async def stop(self):
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


async def test_returns():
    worker = Worker()
    await asyncio.sleep(0)
    await worker.stop()
    assert worker.flushed and not worker.task.cancelled()


async def test_raises_again():
    async def work():
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            raise

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_timeouts():
    async def tries():
        for _ in range(3):
            try:
                async with asyncio.timeout(0.001):
                    await asyncio.sleep(3600)
            except TimeoutError:
                continue
        return "gave up"

    assert await tries() == "gave up"
    with anyio.move_on_after(0.001) as scope:
        await anyio.sleep(3600)
    assert scope.cancelled_caught
    shielded = asyncio.create_task(asyncio.sleep(0.005, "kept"))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(shielded), 0.001)
    assert await shielded == "kept"


async def test_runs_for_a_while():
    worker = Worker()
    worker.task.cancel()
    with suppress(TimeoutError):
        await asyncio.wait_for(worker.run(), 0.01)


async def test_groups():
    async def fails():
        raise ValueError

    with pytest.raises(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(3600))
            group.create_task(fails())


async def test_wrong():
    worker = Worker()
    await asyncio.sleep(0)
    await worker.stop()
    assert worker.jobs.qsize() == 1


async def test_slow_clean_up():
    async def work():
        while True:
            try:
                await asyncio.sleep(3600)
            finally:
                await asyncio.sleep(0.05)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)


async def test_another_task_is_cancelled():
    async def supervise():
        while True:
            job = asyncio.create_task(asyncio.sleep(3600))
            asyncio.get_running_loop().call_soon(job.cancel)
            try:
                await job
            except asyncio.CancelledError:
                return "job was cancelled"

    assert await asyncio.wait_for(supervise(), 1) == "job was cancelled"
