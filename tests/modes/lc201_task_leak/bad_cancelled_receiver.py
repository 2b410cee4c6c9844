"""The test cancels the receiver and never awaits it, so the receiver can't end its own waiter."""

# name: Receiver.listen

import asyncio

import pytest


class Receiver:
    async def listen(self, finish):
        waiter = asyncio.create_task(finish.wait())
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.01)  # it tells the broker
            waiter.cancel()


@pytest.mark.asyncio
async def test_receiver():
    listening = asyncio.create_task(Receiver().listen(asyncio.Event()))  # LC201
    await asyncio.sleep(0)
    listening.cancel()
    assert not listening.done()
