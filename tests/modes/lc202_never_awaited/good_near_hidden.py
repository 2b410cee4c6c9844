"""Wrappers that await, or whose caller awaits what they return; and no wrapper at all."""

import asyncio
import functools
import inspect

import pytest

pytestmark = pytest.mark.asyncio


def plain(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


def both(function):
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaits(*args):
            return await function(*args)

        return awaits
    return plain(function)


async def emit(handler, value):
    result = handler(value)
    return await result if inspect.isawaitable(result) else result


@plain
async def double(value):
    return value * 2


@both
async def half(value):
    return value / 2


async def test_the_caller_asks_for_the_result():
    assert await emit(double, 2) == 4


async def test_the_wrapper_is_async_as_well():
    assert inspect.iscoroutinefunction(half)
    assert await half(2) == 1


async def test_a_thread_runs_its_own_loop():
    def in_thread():
        return asyncio.run(double(3))

    assert await asyncio.to_thread(in_thread) == 6
