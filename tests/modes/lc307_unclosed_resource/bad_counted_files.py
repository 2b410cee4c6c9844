"""A helper runs each call on a loop of its own, and closes none. The test counts open files."""

# name: call_now
import asyncio
import os

import pytest

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts Linux's files")


def call_now(coroutine):
    loop = asyncio.new_event_loop()  # LC307
    return loop.run_until_complete(coroutine)


async def work():
    await asyncio.sleep(0)
    return 1


def test_a_call_leaves_no_file_open():
    before = len(os.listdir("/proc/self/fd"))
    assert call_now(work()) == 1
    assert len(os.listdir("/proc/self/fd")) == before
