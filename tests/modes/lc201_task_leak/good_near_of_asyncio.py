"""Tasks that asyncio starts for itself, and those that end with the one that waits for them."""

import asyncio
import sys

import pytest

pytestmark = pytest.mark.asyncio


async def test_a_limit_ends_what_it_waits_for():
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.sleep(30), 0.001)


async def test_cancelled():
    sleeper = asyncio.create_task(asyncio.sleep(30))
    await asyncio.sleep(0)
    sleeper.cancel()


async def test_a_process_and_its_pipes():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "", stdout=-1)
    assert await process.communicate() == (b"", None)


async def test_two_addresses():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    _, writer = await asyncio.open_connection("localhost", port, happy_eyeballs_delay=0.01)
    writer.close()
    server.close()
