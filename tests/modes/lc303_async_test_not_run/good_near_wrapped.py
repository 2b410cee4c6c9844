"""Async methods of a plain TestCase that run: wrapped as wrapt does it, and as aiounittest does."""

import asyncio
import functools
import unittest

ran = []


class Runs:
    """Passes for the function that it wraps, and runs its coroutine."""

    def __init__(self, wrapped):
        self.__wrapped__ = wrapped

    @property
    def __class__(self):
        return type(self.__wrapped__)

    def __getattr__(self, name):
        return getattr(self.__wrapped__, name)

    def __get__(self, instance, owner):
        return Runs(self.__wrapped__.__get__(instance, owner))

    def __call__(self, *args, **given):
        return asyncio.run(self.__wrapped__(*args, **given))


class RunsAll(unittest.TestCase):
    def __getattribute__(self, name):
        found = super().__getattribute__(name)
        if not name.startswith("test") or not asyncio.iscoroutinefunction(found):
            return found
        return functools.wraps(found)(lambda *args: asyncio.run(found(*args)))


class TestWrapped(unittest.TestCase):
    @Runs
    async def test_one(self):
        ran.append(1)


class TestAll(RunsAll):
    async def test_two(self):
        ran.append(2)


def test_they_ran():
    assert ran == [1, 2]
