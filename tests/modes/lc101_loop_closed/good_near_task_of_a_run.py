"""A task that ended with the loop of `asyncio.run`, where that is not what the test fails for."""

import asyncio

import pytest


class Bot:
    async def connect(self):
        self.beats = 0
        self.task = asyncio.create_task(self._beat())
        await asyncio.sleep(0)

    async def _beat(self):
        while True:
            self.beats += 1
            await asyncio.sleep(1)


@pytest.fixture(scope="module")
def bot():
    bot = Bot()
    asyncio.run(bot.connect())
    return bot


def test_a_number(bot):
    assert bot.beats == 2


def test_it_was_to_end(bot):
    assert bot.task.cancelled()
    assert bot.beats == 0


@pytest.mark.asyncio
async def test_another_limit(bot):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.sleep(1)
    assert bot.beats == 3
