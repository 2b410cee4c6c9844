"""The constructor sets the variable that it keeps. A thread of an executor has another context."""

import asyncio
from contextvars import ContextVar

import pytest


class Switches:
    def __init__(self):
        self.__off = ContextVar("off")
        self.__off.set(frozenset())  # LC214

    def is_on(self, name):
        return name not in self.__off.get()


class Cache(Switches):
    def __init__(self, size):
        super().__init__()
        self.size = size


# name: self.__off
@pytest.mark.asyncio
async def test_a_thread_asks_for_a_switch():
    loop, cache = asyncio.get_running_loop(), Cache(3)
    assert cache.is_on("get")
    assert await loop.run_in_executor(None, cache.is_on, "get")
