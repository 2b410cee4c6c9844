"""Assertions about open files that are not those of a loop, and about other numbers."""

# other: LC307
import asyncio
import os

import pytest

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts Linux's files")


async def work():
    await asyncio.sleep(0)
    return 1


def test_a_file_of_its_own(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    asyncio.run(work())
    with open(tmp_path / "rows", "w"):
        assert len(os.listdir("/proc/self/fd")) == before


def test_another_number():
    loop = asyncio.new_event_loop()
    try:
        assert loop.run_until_complete(work()) == 2
    finally:
        loop.close()
