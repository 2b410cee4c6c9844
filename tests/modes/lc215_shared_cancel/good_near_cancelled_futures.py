"""Cancelled futures whose waiters are right to end so: their task was cancelled, or expects it."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Line:
    def __init__(self):
        self.reply = asyncio.get_running_loop().create_future()

    async def ask(self):
        return await self.reply

    def hang_up(self):
        self.reply.cancel()


async def test_the_task_is_cancelled():  # fails: by its own line
    line = Line()
    asking = asyncio.create_task(line.ask())
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(ConnectionError):
        await asking


async def test_it_hangs_up():  # fails: nobody expects anything else
    line = Line()
    line.hang_up()
    await line.ask()


async def test_a_cancellation_is_handled():  # fails: it is raised again on purpose
    line = Line()
    line.hang_up()
    try:
        await line.ask()
    except OSError:
        pass
    except asyncio.CancelledError:
        assert line.reply.cancelled()
        raise


async def test_what_is_awaited_here_was_cancelled_here():  # fails: it sees that itself
    line = Line()
    line.reply.cancel()
    with pytest.raises(ConnectionError):
        await line.reply
