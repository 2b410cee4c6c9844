"""A child watcher for one loop, and a child that another loop starts, in a thread."""

import asyncio
import sys
import warnings

import pytest


async def version():
    child = await asyncio.create_subprocess_exec(sys.executable, "-V")  # LC104
    return await child.wait()


# name: asyncio.create_subprocess_exec
# needs: asyncio.set_child_watcher
@pytest.mark.asyncio
async def test_version():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        asyncio.set_child_watcher(asyncio.SafeChildWatcher())
        assert await asyncio.to_thread(asyncio.run, version()) == 0
