"""A task sets a context variable in its own context: whoever asks in another never sees it."""

import asyncio
import contextvars

import pytest

ready = contextvars.ContextVar("ready", default=False)


async def boot():
    ready.set(True)


async def wait_ready():
    while not ready.get():  # LC204
        await asyncio.sleep(0)


# options: --loopcheck-hang=1
# name: wait_ready
@pytest.mark.asyncio
async def test_boots():
    task = asyncio.create_task(boot())
    await wait_ready()
    await task
