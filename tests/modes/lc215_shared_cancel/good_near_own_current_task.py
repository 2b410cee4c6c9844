"""The close leaves the task alone if it runs in it. Another line cancels that, and is not seen."""

import asyncio

import pytest


class Watch:
    def __init__(self):
        self.closed = []
        self.task = None

    async def run(self):
        await asyncio.sleep(0)
        await self.close("late")

    async def close(self, why):
        if self.task is not asyncio.current_task():
            self.task.cancel()
        await asyncio.sleep(0)
        self.closed.append(why)


@pytest.mark.asyncio
async def test_it_closes():
    watch = Watch()
    watch.task = asyncio.create_task(watch.run())
    [other] = asyncio.all_tasks() - {asyncio.current_task()}
    other.cancel()
    await asyncio.sleep(0)
    assert watch.closed == ["late"]
