"""A worker with `start` and `stop` sends heartbeats: none was sent when the test stops it."""

# name: asyncio.sleep

import asyncio
from unittest.mock import AsyncMock

import httpx
import pytest


class Heartbeat:
    def __init__(self, client):
        self.client, self.task = client, None

    def start(self):
        self.task = asyncio.get_running_loop().create_task(self.beat())

    async def beat(self):
        while True:
            await self.client.post("http://hub.test/alive")
            await asyncio.sleep(10)

    async def stop(self):
        self.task.cancel()
        try:
            await self.task
        except asyncio.CancelledError:
            pass


@pytest.mark.asyncio
async def test_it_beats(monkeypatch):
    client = AsyncMock(spec=httpx.AsyncClient)
    heartbeat = Heartbeat(client)
    monkeypatch.setattr(asyncio, "sleep", AsyncMock())  # LC405
    heartbeat.start()
    await asyncio.sleep(0.1)
    await heartbeat.stop()
    client.post.assert_awaited()
