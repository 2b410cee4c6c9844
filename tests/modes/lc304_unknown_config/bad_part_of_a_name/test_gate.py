"""Words of the setting are missing: the fixture's task stands still while the test waits."""

# name: asyncio_loop_scope
import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture(scope="session")
async def gate():
    event = asyncio.Event()

    async def opener():
        await asyncio.sleep(0.01)
        event.set()

    task = asyncio.create_task(opener())
    yield event
    task.cancel()


@pytest.mark.asyncio
async def test_gate(gate):
    await asyncio.wait_for(gate.wait(), 0.2)
