"""Each try drops the cancellation and goes round again, until the last one ends with an error."""

import asyncio

import pytest


class Reconnecting:
    def __init__(self, dial, tries=3):
        self.dial, self.tries = dial, tries

    async def connect(self):
        for _ in range(self.tries):
            try:
                return await asyncio.wait_for(self.dial(), 0.02)
            except (TimeoutError, asyncio.CancelledError):  # LC207
                continue
        raise ConnectionError("gave up")


async def never():
    await asyncio.sleep(3600)


# name: Reconnecting.connect
@pytest.mark.asyncio
async def test_a_cancellation_ends_it():
    task = asyncio.create_task(Reconnecting(never).connect())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
