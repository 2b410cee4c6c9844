"""A client answers None when its wait ends for any reason. Its worker takes that for the end."""

import asyncio

import pytest


class Client:
    def __init__(self):
        self.messages = asyncio.Queue()

    async def receive(self):
        try:
            return await self.messages.get()
        except BaseException:  # LC207
            return None


class Worker:
    def __init__(self, client):
        self.client = client
        self.state = "new"

    async def run(self):
        self.state = "running"
        try:
            while await self.client.receive() is not None:
                pass
        except asyncio.CancelledError:
            self.state = "stopped"
            raise


# name: Client.receive
@pytest.mark.asyncio
async def test_a_cancelled_worker_is_stopped():
    worker = Worker(Client())
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert worker.state == "stopped"
