"""A decorator for plain and async functions awaits what it named: a plain failure."""

import functools
import inspect

import pytest


def audited(function):
    @functools.wraps(function)
    async def inner(*args):
        result = function(*args)
        if inspect.isawaitable(result):
            result = await result
        return result

    return inner


@audited
async def deposit(balance, amount):
    return balance + amount


@pytest.mark.asyncio
async def test_deposit():
    assert await deposit(1, 5) == 7


async def lost():
    pass


@pytest.mark.asyncio
async def test_another_coroutine_is_not_the_decorators():
    made = lost()
    made.close()
    assert await deposit(1, 5) == 7
