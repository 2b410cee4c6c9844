"""Retries whose conditions let a cancellation go on: nothing is swallowed, and the tests fail."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Unless:
    def __init__(self, *kinds):
        self.kinds = kinds

    def again(self, error):
        return isinstance(error, Exception) and not isinstance(error, self.kinds)


class Only(Unless):
    def again(self, error):
        return isinstance(error, self.kinds)


async def call(policy, work):
    while True:
        try:
            return await work()
        except BaseException as error:
            kept = error
        if not policy.again(kept):
            raise kept


async def slow():
    await asyncio.sleep(1)


async def test_it_ends():  # fails: it waits for another error
    with pytest.raises(KeyError):
        await asyncio.wait_for(call(Unless(ValueError), slow), 0.01)


async def test_it_ends_for_named_errors():  # fails: for the same reason
    with pytest.raises(KeyError):
        await asyncio.wait_for(call(Only(OSError), slow), 0.01)
