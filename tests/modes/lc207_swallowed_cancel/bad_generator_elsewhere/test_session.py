import asyncio

import pytest
from wire import Session


# name: Wire.events
@pytest.mark.asyncio
async def test_the_watcher_notes_that_it_was_stopped():
    session = Session()
    stopped = False

    async def watch():
        nonlocal stopped
        try:
            async for _ in session.events():
                pass
        except asyncio.CancelledError:
            stopped = True
            raise

    watcher = asyncio.create_task(watch())
    await asyncio.sleep(0)
    watcher.cancel()
    await asyncio.wait([watcher])
    assert stopped
