"""What goes round for ever is cancelled in time, or fails, or is given a limit: nothing hangs."""

# options: --loopcheck-hang=0.1

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Heart:
    def __init__(self, beats=10_000):
        self.beats = beats

    async def beat(self):
        while True:
            await asyncio.sleep(0.02)
            self.beats -= 1
            if self.beats == 0:
                raise StopAsyncIteration("enough")

    async def tick(self):
        while True:
            await asyncio.sleep(0.02)


async def test_it_is_cancelled_late():
    async with asyncio.TaskGroup() as group:
        task = group.create_task(Heart().tick())
        await asyncio.sleep(0.4)
        task.cancel()


async def test_another_task_cancels_it():
    async def stop(task):
        await asyncio.sleep(1.2)
        task.cancel()

    async with asyncio.TaskGroup() as group:
        group.create_task(stop(group.create_task(Heart().tick())))


async def test_a_timer_cancels_it():
    async with asyncio.TaskGroup() as group:
        task = group.create_task(Heart().tick())
        asyncio.get_running_loop().call_later(0.4, task.cancel)


async def test_it_fails_in_the_end():
    with pytest.raises(BaseExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(Heart(40).beat())


async def test_a_limit():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.2), asyncio.TaskGroup() as group:
            group.create_task(Heart().tick())


async def test_plain():
    heart = Heart()
    task = asyncio.create_task(heart.tick())
    await asyncio.sleep(0.1)
    task.cancel()
    assert heart.beats == 3
