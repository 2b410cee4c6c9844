import asyncio
import sys

import pytest


# name: asyncio.create_subprocess_exec
@pytest.mark.asyncio
async def test_version():
    child = await asyncio.create_subprocess_exec(sys.executable, "-V")
    assert await child.wait() == 0
