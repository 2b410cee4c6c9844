"""What catches everything stands in a function of its own, and the loop in who calls it."""

# name: Mailbox.read

import asyncio

import pytest


class Mailbox:
    def __init__(self):
        self.letters = []

    async def handle(self, letter):
        try:
            await asyncio.sleep(0.01)
        except BaseException:  # LC207
            self.letters.append("torn")
        self.letters.append(letter)

    async def read(self):
        while len(self.letters) < 500:
            await self.handle("Dear M")


@pytest.mark.asyncio
async def test_the_reader_stops():
    box = Mailbox()
    reader = asyncio.create_task(box.read())
    await asyncio.sleep(0.005)
    reader.cancel()
    await asyncio.wait([reader], timeout=0.05)
    assert reader.done()
