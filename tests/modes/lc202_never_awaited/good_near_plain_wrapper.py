"""Plain functions around a coroutine, whose handlers are not what the test lacks."""

import functools
import inspect

import pytest


def renamed(function):
    """Only tells what the caller gets anyway."""

    @functools.wraps(function)
    def wrapper(*args):
        try:
            return function(*args)
        except LookupError as error:
            raise KeyError(function.__name__) from error

    return wrapper


def narrow(function):
    @functools.wraps(function)
    def wrapper(*args):
        try:
            return function(*args)
        except TypeError:
            return None

    return wrapper


def either(function):
    """For both kinds of functions."""
    if inspect.iscoroutinefunction(function):

        async def run(*args):
            try:
                return await function(*args)
            except TimeoutError:
                return None

        return run

    def wrapper(*args):
        try:
            return function(*args)
        except LookupError:
            return None

    return wrapper


@renamed
async def first(rows):
    return rows[0]


@narrow
async def second(rows):
    return rows[1]


@either
async def third(rows):
    return rows[2]


@pytest.mark.asyncio
@pytest.mark.parametrize("read", [first, second, third])
async def test_nothing_is_there(read):
    assert await read([]) is None
