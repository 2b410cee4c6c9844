"""Only a condition sets it, and it did not hold: that is the fault."""

import asyncio
from contextvars import ContextVar

import pytest

user = ContextVar("user")


async def login(name):
    await asyncio.sleep(0)
    if name != "guest":
        user.set(name)


@pytest.mark.asyncio
async def test_a_guest():
    await asyncio.gather(login("guest"))
    assert user.get() == "guest"
