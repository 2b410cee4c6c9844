"""It asks and gives way, longer than the limit, and a thread brings the answer."""

# options: --loopcheck-hang=0.2

import asyncio
import time

import pytest


class Client:
    def __init__(self):
        self.states = ["starting"]

    async def state(self):
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]

    def start(self):
        time.sleep(0.6)
        self.states.append("ready")


@pytest.mark.asyncio
async def test_it_is_ready_in_the_end():
    client = Client()
    work = asyncio.get_running_loop().run_in_executor(None, client.start)
    while await client.state() != "ready":
        await asyncio.sleep(0)
    await work
