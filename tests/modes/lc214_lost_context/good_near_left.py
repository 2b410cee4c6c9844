"""Read after the block that sets it: no task or thread has lost it."""

import asyncio
from contextlib import contextmanager
from contextvars import ContextVar

import pytest

request = ContextVar("request")


@contextmanager
def serving(name):
    token = request.set(name)
    try:
        yield
    finally:
        request.reset(token)


async def handle(name):
    token = request.set(name)
    await asyncio.sleep(0)
    request.reset(token)


def in_a_thread():
    return request.get()


@pytest.mark.asyncio
async def test_after_the_block():
    with serving("r-1"):
        await asyncio.sleep(0)
    await asyncio.get_running_loop().run_in_executor(None, in_a_thread)


@pytest.mark.asyncio
async def test_after_a_task_that_has_put_it_back():
    await asyncio.gather(handle("r-1"))
    request.get()
