"""Nothing sets the variable, and a thread reads it: there is no value to lose."""

import asyncio
from contextvars import ContextVar

import pytest

tenant = ContextVar("tenant")
other = ContextVar("other")


def read():
    return tenant.get()


@pytest.mark.asyncio
async def test_in_a_thread():
    other.set("acme")
    await asyncio.get_running_loop().run_in_executor(None, read)


@pytest.mark.asyncio
async def test_in_a_task():
    await asyncio.create_task(asyncio.sleep(0))
    read()
