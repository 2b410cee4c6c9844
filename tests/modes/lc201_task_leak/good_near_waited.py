"""What `asyncio.wait` leaves is ended, or it leaves nothing, or the count is wrong without it."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Mirrors:
    def __init__(self):
        self.copied = []

    async def copy(self, host, delay):
        await asyncio.sleep(delay)
        self.copied.append(host)

    async def sync(self, hosts, limit):
        jobs = [asyncio.create_task(self.copy(host, delay)) for host, delay in hosts]
        done, late = await asyncio.wait(jobs, timeout=limit)
        for job in late:
            job.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(done)

    async def sync_all(self, hosts):
        jobs = [asyncio.create_task(self.copy(host, delay)) for host, delay in hosts]
        await asyncio.wait(jobs, timeout=None)


async def test_the_far_mirror_is_cancelled():
    mirrors = Mirrors()
    await mirrors.sync([("near", 0), ("nearer", 0), ("far", 3)], 0.01)
    await asyncio.sleep(0)
    assert mirrors.copied == ["near"]  # the plain fault: there are two


async def test_all_have_ended():
    mirrors = Mirrors()
    await mirrors.sync_all([("near", 0), ("far", 0.01)])
    await asyncio.sleep(0)
    assert mirrors.copied == ["near"]  # a plain fault


async def test_an_event_is_no_task():
    mirrors, ready = Mirrors(), asyncio.Event()
    job = asyncio.create_task(mirrors.copy("near", 0))
    ready.set()
    await asyncio.wait_for(ready.wait(), timeout=1)
    await job
    assert mirrors.copied == []  # a plain fault


async def test_all_are_taken_one_by_one():
    mirrors = Mirrors()
    late = {asyncio.create_task(mirrors.copy("x", delay)) for delay in (0, 0.01, 0.02)}
    while late:
        _, late = await asyncio.wait(late, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.sleep(0)
    assert len(mirrors.copied) == 1  # a plain fault


async def test_the_one_that_is_late_copies_nothing():
    mirrors, pulses = Mirrors(), []

    async def pulse():
        await asyncio.sleep(0.03)
        pulses.append(1)

    jobs = [asyncio.create_task(mirrors.copy("near", 0)), asyncio.create_task(pulse())]
    await asyncio.wait(jobs, timeout=0.01)
    await asyncio.sleep(0)
    assert mirrors.copied == []  # a plain fault
