"""A limit of the test's own, and a task that was cancelled: the future went with its waiter."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def answer(reply):
    try:
        return await reply
    except OSError:
        return None


async def test_a_limit():  # fails: nothing answers
    reply = asyncio.get_running_loop().create_future()
    with pytest.raises(OSError):
        await asyncio.wait_for(answer(reply), 0.01)


async def test_its_own_task():  # fails: the test cancels the task that runs it
    reply = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(asyncio.current_task().cancel)
    await answer(reply)


async def test_its_own_task_and_a_clean_up():  # fails: for the same reason
    reply = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(asyncio.current_task().cancel)
    try:
        await answer(reply)
    finally:
        clean_up(reply)


def clean_up(reply):
    reply.cancel()
