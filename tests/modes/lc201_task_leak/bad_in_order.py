"""A service leaves several tasks: they are named in the order in which it starts them."""
# name: Service.read | Service.write | Service.ping | Service.watch
# findings: 4

import asyncio

import pytest


class Service:
    def __init__(self):
        self.tasks = []
        self.forever = asyncio.Event()

    async def read(self):
        await self.forever.wait()

    async def write(self):
        await self.forever.wait()

    async def ping(self):
        await self.forever.wait()

    async def watch(self):
        await self.forever.wait()

    async def start(self):
        self.tasks.append(asyncio.create_task(self.read()))  # LC201
        self.tasks.append(asyncio.create_task(self.write()))  # LC201
        self.tasks.append(asyncio.create_task(self.ping()))  # LC201
        self.tasks.append(asyncio.create_task(self.watch()))  # LC201
        await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_it_starts():
    service = Service()
    await service.start()
    assert len(service.tasks) == 4
