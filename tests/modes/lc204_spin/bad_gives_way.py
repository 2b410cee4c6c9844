"""It asks a client that answers from a list, and gives way: no future is waited for."""

# options: --loopcheck-hang=0.2
# name: wait_until_ready

import asyncio

import pytest


class FakeClient:
    def __init__(self, states):
        self.states = list(states)

    async def state(self):
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]


async def wait_until_ready(client):
    while True:  # LC204
        state = await client.state()
        if state == "ready":
            return
        await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_it_is_ready_in_the_end():
    await wait_until_ready(FakeClient(["starting", "Ready"]))
