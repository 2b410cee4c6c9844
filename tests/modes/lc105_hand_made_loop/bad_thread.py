"""A worker thread has no loop, and never had one."""

# name: asyncio.get_event_loop
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def work():
    return "done"


def work_now():
    return asyncio.get_event_loop().run_until_complete(work())  # LC105


def test_work():
    with ThreadPoolExecutor() as pool:
        assert pool.submit(work_now).result() == "done"
