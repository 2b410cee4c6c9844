"""The worker leaves out what is done, or whoever started the task reads its error."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def answer(requests):
    while not requests.empty():
        number, future = await requests.get()
        if not future.done():
            future.set_result(number * 2)


async def answer_all(futures):
    for future in futures:
        future.set_result(True)


async def test_a_cancelled_request():
    requests, loop = asyncio.Queue(), asyncio.get_running_loop()
    futures = [loop.create_future(), loop.create_future()]
    for number, future in enumerate(futures):
        requests.put_nowait((number, future))
    futures[0].cancel()
    await asyncio.create_task(answer(requests))
    assert futures[1].result() == 2


async def test_its_error_is_read():
    future = asyncio.get_running_loop().create_future()
    future.cancel()
    task = asyncio.create_task(answer_all([future]))
    with pytest.raises(asyncio.InvalidStateError):
        await task
