"""The callback that delivers has failed: asyncio only logs what a callback raises."""

# name: mill.flour
import asyncio

import pytest


class Mill:
    def __init__(self):
        self.flour = asyncio.Queue()

    async def grind(self, bags):
        return 100 // bags

    def start(self, bags):
        self.running = asyncio.create_task(self.grind(bags))
        self.running.add_done_callback(self.deliver)

    def deliver(self, task):
        self.flour.put_nowait({"full": task.result() > 5}["fine"])  # LC203


@pytest.mark.asyncio
async def test_flour():
    mill = Mill()
    mill.start(4)
    assert await asyncio.wait_for(mill.flour.get(), 0.3)
