"""A plain fixture makes what starts a task of its own."""

import asyncio

import pytest


class Poller:
    def __init__(self):
        self.polling = asyncio.create_task(self.poll())

    async def poll(self):
        await asyncio.sleep(0)
        return "news"


@pytest.fixture
def poller():
    return Poller()  # LC105


# name: asyncio.get_running_loop
@pytest.mark.asyncio
async def test_news(poller):
    assert await poller.polling == "news"


@pytest.mark.asyncio
async def test_no_news():
    await asyncio.sleep(0)
