"""The variable has a default, so a thread finds one. The set of names there is the wrong one."""

import asyncio
from contextvars import ContextVar

import pytest


class Switches:
    def __init__(self, off):
        self.__off = ContextVar("off", default=frozenset(off))
        self.__off.set(frozenset(off))

    def is_on(self, name):
        return name not in self.__off.get()


@pytest.mark.asyncio
async def test_a_thread_asks_for_a_switch():
    loop, switches = asyncio.get_running_loop(), Switches({"get"})
    assert await loop.run_in_executor(None, switches.is_on, "get")
