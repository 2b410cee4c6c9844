"""An executor that runs the call at once, handed in; the real pool where threads are meant."""

import asyncio
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import pytest


class AtOnce(Executor):
    def submit(self, call, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(call(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


@pytest.mark.asyncio
async def test_at_once():
    assert await asyncio.get_running_loop().run_in_executor(AtOnce(), len, "abc") == 3


@pytest.mark.asyncio
async def test_in_threads():
    with ThreadPoolExecutor(1) as pool:
        assert await asyncio.get_running_loop().run_in_executor(pool, len, "abc") == 3
    assert await asyncio.to_thread(len, "abc") == 3
