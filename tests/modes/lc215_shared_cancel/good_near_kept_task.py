"""The test itself cancels the task that it asks about, or the limit ended something else."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Atlas:
    def __init__(self):
        self.running = {}

    async def find(self, place):
        job = self.running.get(place)
        if job is None:
            job = self.running[place] = asyncio.ensure_future(self.load(place))
        return await asyncio.shield(job)

    async def load(self, place):
        await asyncio.sleep(0.05)
        return len(place)


async def hasty(coroutine):
    try:
        return await asyncio.wait_for(coroutine, 0.01)
    except TimeoutError:
        return None


async def test_the_test_cancels_the_caller():
    atlas = Atlas()
    patient = asyncio.create_task(atlas.find("rome"))
    await asyncio.sleep(0)
    await hasty(atlas.find("rome"))
    patient.cancel()
    await asyncio.wait({patient}, timeout=1)
    assert not patient.cancelled()  # the plain fault


async def test_the_test_cancels_the_load():
    atlas = Atlas()
    patient = asyncio.create_task(atlas.find("rome"))
    await asyncio.sleep(0)
    await hasty(atlas.find("rome"))
    atlas.running["rome"].cancel()
    await asyncio.wait({patient}, timeout=1)
    assert not patient.cancelled()  # the plain fault
