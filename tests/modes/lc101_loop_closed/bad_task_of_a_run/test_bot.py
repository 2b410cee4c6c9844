"""What serves is started by `asyncio.run`, which cancels it: nobody answers."""

# name: bot.task
import pytest


@pytest.mark.asyncio
async def test_the_bot_answers(bot):
    assert await bot.ask("abc") == "cba"


def test_the_bot_serves(bot):
    assert not bot.task.done()
