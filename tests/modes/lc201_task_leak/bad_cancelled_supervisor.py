"""`stop` cancels the supervisor and does not await it, so its worker is left, too."""

# name: Pool._supervise

import asyncio

import pytest


class Pool:
    async def _work(self):
        await asyncio.sleep(3600)

    async def _supervise(self):
        async with asyncio.TaskGroup() as group:
            group.create_task(self._work())
            try:
                await asyncio.sleep(3600)
            finally:
                await asyncio.sleep(0.01)  # it saves its state

    def stop(self):
        self._task.cancel()

    def start(self):
        self._task = asyncio.create_task(self._supervise())  # LC201


@pytest.mark.asyncio
async def test_pool():
    pool = Pool()
    pool.start()
    await asyncio.sleep(0)
    pool.stop()
