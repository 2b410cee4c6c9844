import asyncio

import pytest


@pytest.fixture
async def lock(request):  # LC309
    lock = asyncio.Lock()
    async with lock:
        waiting = asyncio.ensure_future(lock.acquire())
        await asyncio.sleep(0)
    await waiting
    request.instance.lock = lock
    yield lock
