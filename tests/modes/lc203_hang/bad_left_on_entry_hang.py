"""Entering a block takes the only slot and then fails. The next one waits for it forever."""

# options: --loopcheck-hang=1
# name: desk.slots | self.slots
import asyncio

import pytest


class Desk:
    def __init__(self):
        self.slots, self.open = asyncio.Semaphore(1), False

    async def __aenter__(self):
        await self.slots.acquire()  # LC203
        if not self.open:
            raise PermissionError("the desk is closed")
        return self

    async def __aexit__(self, *error):
        self.slots.release()


@pytest.mark.asyncio
async def test_a_desk_that_opens_late():
    desk = Desk()
    try:
        await desk.__aenter__()
    except PermissionError as error:
        refused = error
    desk.open = True
    async with desk:
        assert str(refused) == "the desk is closed"
