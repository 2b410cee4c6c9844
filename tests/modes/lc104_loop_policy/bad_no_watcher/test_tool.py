import asyncio
import sys

import pytest


async def version():
    child = await asyncio.create_subprocess_exec(sys.executable, "-V")
    return await child.wait()


@pytest.mark.asyncio
async def test_version():
    assert await version() == 0
