"""What the loop calls starts a task of the action; the sync client's hook is a plain function."""

import asyncio

import httpx
import pytest

pytestmark = pytest.mark.asyncio


class Every:
    def __init__(self, seconds, action):
        self.seconds, self.action = seconds, action
        self.tasks = []

    def start(self):
        asyncio.get_running_loop().call_later(self.seconds, self._round)

    def _round(self):
        self.tasks.append(asyncio.ensure_future(self.action()))


class Model:
    def __init__(self):
        self.saved = 0

    async def save(self, request=None):
        self.saved += 1

    def seen(self, request):
        self.saved += 1


async def test_saved():
    model = Model()
    every = Every(0, model.save)
    every.start()
    await asyncio.sleep(0.01)
    await asyncio.gather(*every.tasks)
    assert model.saved == 2


async def test_hooks():
    model = Model()
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    with httpx.Client(transport=transport, event_hooks={"request": [model.seen]}) as client:
        client.get("http://shop/tea")
    async with httpx.AsyncClient(
        transport=transport, event_hooks={"request": [model.save]}
    ) as client:
        await client.get("http://shop/tea")
    assert model.saved == 3
