"""asyncio refuses the coroutine: the warning is only the shadow of that."""

import asyncio

import pytest


async def work():
    """Nothing."""


@pytest.mark.asyncio
async def test_no_run_inside_of_a_run():
    with pytest.raises(RuntimeError, match="running event loop"):
        asyncio.run(work())
