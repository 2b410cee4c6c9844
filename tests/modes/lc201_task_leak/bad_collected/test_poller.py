"""The poller is started and nobody ends it; the collector takes it before its loop closes."""

import asyncio

import pytest


class Poller:
    def __init__(self):
        self.pages = asyncio.Queue()

    def begin(self):
        self.polls = asyncio.create_task(self.poll())  # LC201

    async def poll(self):
        while True:
            await self.pages.get()


# name: Poller.poll
@pytest.mark.asyncio
async def test_begins():
    poller = Poller()
    poller.begin()
    await asyncio.sleep(0)
    assert not poller.polls.done()
