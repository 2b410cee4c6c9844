"""Who takes a value sets the next one: the generator of the project never yields to the loop."""

# name: values_of
# options: --loopcheck-hang=1
import asyncio

import pytest
from signals import Signal, values_of


@pytest.mark.asyncio
async def test_values():
    signal, seen = Signal(), []

    async def watch():
        async for value in values_of(signal):
            seen.append(value)
            signal.set(value + 1)

    asyncio.get_running_loop().call_soon(signal.set, 0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await watch()
