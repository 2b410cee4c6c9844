"""The words arrive by a future or from another process: nothing here is on two loops."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

WORDS = "Task got Future <Future pending> attached to a different loop"


@pytest.mark.asyncio
async def test_worker_hands_over_its_error():
    answer = asyncio.get_running_loop().create_future()
    answer.set_exception(RuntimeError(WORDS))
    await answer


@pytest.mark.asyncio
async def test_error_is_thrown_into_a_coroutine():
    async def wait():
        await asyncio.sleep(0)

    coro = wait()
    coro.send(None)
    coro.throw(RuntimeError(WORDS))


@pytest.mark.asyncio
async def test_executor_hands_over_its_error():
    def refuse():
        raise RuntimeError(WORDS)

    with ThreadPoolExecutor(1) as pool:
        await asyncio.get_running_loop().run_in_executor(pool, refuse)


@pytest.mark.asyncio
async def test_task_hands_over_its_error():
    async def refuse():
        raise RuntimeError(WORDS)

    await asyncio.create_task(refuse())


@pytest.mark.asyncio
async def test_mock_has_a_side_effect():
    from unittest.mock import AsyncMock

    await AsyncMock(side_effect=RuntimeError(WORDS))()
