"""The connection raises the cancellation again. The watcher noted it in other words."""

import asyncio

import pytest
from wire import Session


@pytest.mark.asyncio
async def test_the_watcher_notes_that_it_was_stopped():
    session = Session()
    state = "new"

    async def watch():
        nonlocal state
        try:
            async for _ in session.events():
                pass
        except asyncio.CancelledError:
            state = "cancelled"

    watcher = asyncio.create_task(watch())
    await asyncio.sleep(0)
    watcher.cancel()
    await watcher
    assert state == "stopped"
