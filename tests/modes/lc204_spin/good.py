"""Loops that end: on work, on a clock, on a thread, on a task that gets its turn."""

# options: --loopcheck-hang=0.6

import asyncio
import threading
import time

import pytest

pytestmark = pytest.mark.asyncio


async def test_works():
    number = 0
    while number < 5_000_000:
        number += 1


async def test_asks_the_clock():
    end = time.monotonic() + 1.3
    while time.monotonic() < end:
        pass


async def test_asks_a_thread():
    done = threading.Event()
    threading.Timer(1.3, done.set).start()
    while not done.is_set():
        pass


async def test_polls_what_a_task_changes():
    done = False

    async def finish():
        nonlocal done
        await asyncio.sleep(1.3)
        done = True

    task = asyncio.create_task(finish())
    while not done:
        await asyncio.sleep(0)
    await task


async def test_polls_what_a_timer_changes():
    mail = []
    asyncio.get_running_loop().call_later(1.3, mail.append, "hello")
    while not mail:
        await asyncio.sleep(0.01)


async def test_counts():
    tries = 0
    while tries < 130:
        tries += 1
        await asyncio.sleep(0.01)
