"""The consumer dies and the test does not notice."""

import asyncio

import pytest


class Consumer:
    def start(self):
        asyncio.create_task(self.consume())  # LC205

    async def consume(self):
        raise KeyError("user_id")


# name: Consumer.consume
@pytest.mark.asyncio
async def test_starts():
    Consumer().start()
    await asyncio.sleep(0.01)
