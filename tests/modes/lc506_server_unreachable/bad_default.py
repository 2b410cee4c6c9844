"""No address at all: the client's default."""

import pytest
from valkey.asyncio import Valkey


class Queue:
    def __init__(self):
        self.client = Valkey(port=9)  # LC506

    async def push(self, job):
        await self.client.rpush("jobs", job)


# name: queue.client
@pytest.mark.asyncio(loop_scope="module")
async def test_push():
    queue = Queue()
    await queue.push("print")
