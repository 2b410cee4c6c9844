"""Assertions about threads and loops that no second loop decides."""

# other: LC102
import asyncio
import threading

import pytest

pytestmark = pytest.mark.asyncio


async def test_a_thread_without_a_loop():
    number = await asyncio.to_thread(threading.get_ident)
    home = threading.get_ident()
    assert number == home


async def test_another_loop_and_another_number():
    def count():
        asyncio.run(asyncio.sleep(0))
        return 2

    counted = await asyncio.to_thread(count)
    assert counted == 1


async def test_no_loop_at_all():
    kept = None
    running = asyncio.get_running_loop()
    assert kept is running
