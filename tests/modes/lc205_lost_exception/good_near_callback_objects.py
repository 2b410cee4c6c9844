"""What the loop calls is an object, and its error is handed on; the tests fail for themselves."""

import asyncio
from functools import partial

import pytest


class Total:
    def __init__(self, done):
        self.done = done

    def __call__(self, event):
        try:
            self.done.set_result(event["n"])
        except KeyError as error:
            self.done.set_exception(error)


@pytest.mark.asyncio
async def test_the_error_is_awaited():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.call_soon(Total(done), {"kind": "a"})
    with pytest.raises(KeyError):
        await done


@pytest.mark.asyncio
async def test_the_sum_is_another():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    loop.call_soon(partial(Total(done), {"n": 2}))
    assert await done == 3
