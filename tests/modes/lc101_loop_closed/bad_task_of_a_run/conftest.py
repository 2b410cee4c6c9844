import asyncio

import pytest
from bot import Bot


@pytest.fixture(scope="module")
def bot():
    bot = Bot()
    asyncio.run(bot.connect())  # LC101
    return bot
