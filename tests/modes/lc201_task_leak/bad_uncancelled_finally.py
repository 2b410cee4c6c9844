"""A download shields its writer. The test counts what is open after the download was cancelled."""

# name: write
import asyncio

import pytest


class Disk:
    def __init__(self):
        self.open = 0


async def write(disk, full):
    disk.open += 1
    try:
        await full.wait()
    finally:
        disk.open -= 1


async def download(disk):
    writer = asyncio.ensure_future(write(disk, asyncio.Event()))  # LC201
    await asyncio.shield(writer)


@pytest.mark.asyncio
async def test_nothing_stays_open():
    disk = Disk()
    loading = asyncio.create_task(download(disk))
    await asyncio.sleep(0.01)
    loading.cancel()
    await asyncio.wait([loading])
    assert disk.open == 0
