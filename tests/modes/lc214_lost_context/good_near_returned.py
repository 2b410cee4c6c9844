"""The result depends on the variable, but no task has lost it: it was never set, or set later."""

import asyncio
from contextvars import ContextVar

import pytest

user = ContextVar("user", default="nobody")


async def greet():
    await asyncio.sleep(0)
    return f"Hello {user.get()}"


async def log_in(name):
    user.set(name)


async def visit(name):
    token = user.set(name)
    await asyncio.sleep(0)
    user.reset(token)


async def log_in_members(*names):
    for name in names:
        if name != "guest":
            user.set(name)


@pytest.mark.asyncio
async def test_never_set():
    await asyncio.gather(asyncio.sleep(0))
    assert await greet() == "Hello ada"


@pytest.mark.asyncio
async def test_set_later():
    found = await greet()
    await asyncio.gather(log_in("ada"))
    assert found == "Hello ada"


@pytest.mark.asyncio
async def test_a_wrong_value_in_the_same_task():
    await asyncio.gather(log_in("ada"))
    await log_in("bob")
    assert await greet() == "Hello ada"


@pytest.mark.asyncio
async def test_reset_on_purpose():
    await asyncio.gather(visit("ada"))
    assert await greet() == "Hello ada"


@pytest.mark.asyncio
async def test_set_on_a_condition():
    await asyncio.gather(log_in_members("guest"))
    assert await greet() == "Hello guest"


@pytest.mark.asyncio
async def test_set_around_the_read():
    await asyncio.gather(log_in("ada"))
    token = user.set("eve")
    found = await greet()
    user.reset(token)
    assert found == "Hello ada"
