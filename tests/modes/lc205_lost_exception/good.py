"""The task is kept and awaited."""

import asyncio

import pytest


class Consumer:
    def start(self):
        self.task = asyncio.create_task(self.consume())

    async def consume(self):
        raise KeyError("user_id")


@pytest.mark.asyncio
async def test_starts():
    consumer = Consumer()
    consumer.start()
    with pytest.raises(KeyError):
        await consumer.task
