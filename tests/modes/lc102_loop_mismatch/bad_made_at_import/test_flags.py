"""The future is of a loop that the module made when it was imported: no test runs there."""

# name: Flags.ready
import asyncio

import pytest
from flags import Flags


@pytest.mark.asyncio
async def test_ready():
    asyncio.get_running_loop().call_soon(Flags.ready.set_result, True)
    assert await Flags.wait_ready()
