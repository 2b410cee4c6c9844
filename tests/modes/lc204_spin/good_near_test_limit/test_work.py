"""The limit for a whole test ends work that is long, and loops that wait in a call of their own."""

import asyncio
import time

import pytest

pytestmark = pytest.mark.asyncio


async def test_all_numbers():  # fails: it goes through all of them
    for _number in range(10**12):
        pass


async def test_a_poll_with_a_limit_of_its_own():  # fails: its limit is longer
    end = time.monotonic() + 60
    while time.monotonic() < end:
        await asyncio.sleep(0.01)


async def test_a_consumer():  # fails: one of its jobs takes long
    jobs = asyncio.Queue()
    await jobs.put(10**12)
    while True:
        for _number in range(await jobs.get()):
            pass


async def test_a_limit_of_tries():  # fails: by a line of its own
    box, tries = [], 0
    while not box:
        tries += 1
        if tries > 3:
            pytest.fail("Timeout: the box is empty")
        await asyncio.sleep(0)


async def test_one_long_sleep():  # fails: it sleeps
    await asyncio.sleep(60)
