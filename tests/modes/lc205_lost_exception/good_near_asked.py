"""Somebody asks: a done-callback, a group, `gather`, and a handler of the test's own."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def fails():
    raise KeyError("user_id")


async def test_done_callback():
    seen = []
    task = asyncio.create_task(fails())
    task.add_done_callback(lambda done: seen.append(done.exception()))
    await asyncio.sleep(0.01)
    assert len(seen) == 1


async def test_group():
    with pytest.raises(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(fails())


async def test_gather():
    [error] = await asyncio.gather(fails(), return_exceptions=True)
    assert isinstance(error, KeyError)


async def test_handler():
    seen = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: seen.append(context))
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0.01)
    assert len(seen) == 1
