"""Slow, and on the way: a timer, a task on a timer, a thread, a child, a limit of its own."""

# options: --loopcheck-hang=1.5

import asyncio
import sys
import time

import pytest

pytestmark = pytest.mark.asyncio


async def test_sleeps():
    await asyncio.sleep(3.6)


async def test_waits_for_a_task():
    ready = asyncio.Event()
    asyncio.get_running_loop().call_later(1.6, ready.set)
    await ready.wait()


async def test_waits_for_a_thread():
    await asyncio.to_thread(time.sleep, 1.6)


async def test_waits_for_a_child():
    code = "import time; time.sleep(1.6)"
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await child.wait() == 0


async def test_has_a_limit_of_its_own():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.6):
            await asyncio.Queue().get()


async def test_supervised():
    worker = asyncio.create_task(asyncio.Event().wait())

    async def supervise():
        await asyncio.sleep(2.6)
        worker.cancel()

    supervisor = asyncio.create_task(supervise())
    with pytest.raises(asyncio.CancelledError):
        await worker
    await supervisor
