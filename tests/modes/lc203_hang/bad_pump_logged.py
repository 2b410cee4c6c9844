"""A pump logs why a message can't be sent on, and goes on with the next one."""

# name: pump.sent
import asyncio
import logging

import pytest


class Pump:
    def __init__(self):
        self.inbox, self.outbox = asyncio.Queue(), []
        self.sent = asyncio.Event()

    async def run(self):
        async for message in self.messages():
            try:
                self.send(message)
            except TypeError as error:
                logging.getLogger("pump").warning("not sent", exc_info=error)

    async def messages(self):
        while True:
            yield await self.inbox.get()

    def send(self, message):
        self.outbox.append(len(message))  # LC203
        self.sent.set()


async def sent(pump):
    await pump.sent.wait()
    return pump.outbox


@pytest.mark.asyncio
async def test_send():
    pump = Pump()
    task = asyncio.create_task(pump.run())
    pump.inbox.put_nowait(7)
    async with asyncio.timeout(0.3):
        assert await sent(pump) == [1]
    task.cancel()
