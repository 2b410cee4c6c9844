"""The fixture's loop was told to set the event later on, and stands still while the test waits."""

import asyncio

import pytest
import pytest_asyncio


# name: ready
@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ready():  # LC106
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, event.set)
    return event


@pytest.mark.asyncio
async def test_ready(ready):
    await asyncio.wait_for(ready.wait(), 0.5)
