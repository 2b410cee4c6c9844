"""A thread without Python is there, as numpy's are: it does not fill this queue."""

# name: results
import asyncio
import ctypes

import pytest

libc = ctypes.CDLL(None)
libc.pthread_create(ctypes.byref(ctypes.c_ulong()), None, libc.sleep, ctypes.c_void_p(60))


async def produce(results):
    return "ok"


@pytest.mark.asyncio
async def test_result():
    results = asyncio.Queue()
    await produce(results)
    await asyncio.wait_for(results.get(), 0.2)  # LC203
