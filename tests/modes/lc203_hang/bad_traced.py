"""The task that could set the event is called by the name of the function that is traced."""
# name: ready

import asyncio
import functools

import pytest


def logged(function):
    @functools.wraps(function)
    async def _coro_wrapper(*args):
        return await function(*args)

    return _coro_wrapper


@logged
async def load_catalogue(ready):
    await asyncio.sleep(0)
    raise LookupError("no catalogue")  # LC203
    ready.set()


@pytest.mark.asyncio
async def test_the_catalogue():
    ready = asyncio.Event()
    task = asyncio.create_task(load_catalogue(ready))
    await asyncio.wait_for(ready.wait(), 0.2)
    await task
