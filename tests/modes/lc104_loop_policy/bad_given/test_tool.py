import asyncio
import sys

import pytest


class ToolError(Exception):
    pass


async def version():
    try:
        child = await asyncio.create_subprocess_exec(sys.executable, "-V")
    except Exception as error:
        raise ToolError("it is not installed") from error
    return await child.wait()


# name: asyncio.create_subprocess_exec
@pytest.mark.asyncio
async def test_version():
    assert await version() == 0
