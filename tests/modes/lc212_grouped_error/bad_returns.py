"""The handler returns, which no `except*` may do."""

import asyncio

import pytest


async def ask(host):
    await asyncio.sleep(0)
    raise ConnectionRefusedError(host)


async def healthy(*hosts):
    try:
        async with asyncio.TaskGroup() as tasks:
            for host in hosts:
                tasks.create_task(ask(host))
    except (TimeoutError, OSError):  # LC212
        return False
    return True


# name: OSError
@pytest.mark.asyncio
async def test_a_host_that_refuses_is_not_healthy():
    assert await healthy("one", "two") is False
