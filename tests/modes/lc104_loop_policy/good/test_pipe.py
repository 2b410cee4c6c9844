"""conftest.py says which loop the tests get."""

import asyncio
import os


async def test_watch_a_pipe():
    readable, writable = os.pipe()
    seen = asyncio.Event()
    asyncio.get_running_loop().add_reader(readable, seen.set)
    os.write(writable, b"x")
    await asyncio.wait_for(seen.wait(), 1)
    asyncio.get_running_loop().remove_reader(readable)
