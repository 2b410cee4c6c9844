"""The task ends with an error, but nothing dropped its cancellation: it came amid, or never."""

import asyncio

import pytest


class Reconnecting:
    def __init__(self, dial, tries=3):
        self.dial, self.tries = dial, tries

    async def connect(self):
        for _ in range(self.tries):
            try:
                return await self.dial()
            except asyncio.CancelledError:
                await self.hang_up()
                raise
            except TimeoutError:
                continue
        raise ConnectionError("gave up")

    async def hang_up(self):
        raise ConnectionError("the line is dead")


class Patient(Reconnecting):
    async def connect(self):
        for _ in range(self.tries):
            try:
                return await self.dial()
            except (TimeoutError, asyncio.CancelledError):
                await asyncio.sleep(0)
        raise ConnectionError("gave up")


async def never():
    await asyncio.sleep(3600)


async def refused():
    try:
        await asyncio.sleep(3600)
    finally:
        raise ConnectionError("refused")


async def late():
    raise TimeoutError


@pytest.mark.asyncio
@pytest.mark.parametrize("caller", [Reconnecting(never), Patient(refused), Patient(late)])
async def test_a_cancellation_ends_it(caller):
    task = asyncio.create_task(caller.connect())
    for _ in range(20):  # turns, not time: the third caller gives up after some
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
