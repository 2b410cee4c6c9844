"""A service keeps its heartbeat when it stops. The test counts the tasks before and after."""

# name: Service._beat
import asyncio

import pytest


class Service:
    def __init__(self):
        self.beats = 0

    async def start(self):
        asyncio.create_task(self._beat())  # LC201
        await asyncio.sleep(0)

    async def _beat(self):
        while True:
            self.beats += 1
            await asyncio.sleep(10)

    async def stop(self):
        self.beats = 0


@pytest.mark.asyncio
async def test_a_stopped_service_has_no_tasks():
    before = len(asyncio.all_tasks())
    service = Service()
    await service.start()
    await service.stop()
    assert len(asyncio.all_tasks()) == before
