"""A background task started on the module's loop, awaited on another."""

# name: running["backup"]
import asyncio

import pytest

running = {}  # LC102


async def backup():
    await asyncio.sleep(60)


@pytest.mark.asyncio(loop_scope="module")
async def test_backup_starts():
    running["backup"] = asyncio.create_task(backup())  # LC102
    await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_backup_ends():
    running["backup"].cancel()
    with pytest.raises(asyncio.CancelledError):
        await running["backup"]
