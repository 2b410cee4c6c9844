"""A transport of asyncio has its reader weakly: nothing keeps a task that waits for a line."""

# name: read_lines

import asyncio
import gc

import pytest
import pytest_asyncio


async def read_lines(port, seen):
    reader, _ = await asyncio.open_connection("127.0.0.1", port)
    while line := await reader.readline():
        seen.append(line)


@pytest_asyncio.fixture
async def peers():
    writers = asyncio.Queue()
    server = await asyncio.start_server(lambda _, peer: writers.put_nowait(peer), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], writers
    server.close()


@pytest.mark.asyncio
async def test_a_line_is_read(peers):
    port, writers = peers
    seen = []
    asyncio.create_task(read_lines(port, seen))  # LC210
    peer = await writers.get()
    await asyncio.sleep(0.01)
    gc.collect()
    peer.write(b"hello\n")
    await asyncio.sleep(0.05)
    peer.close()
    assert seen == [b"hello\n"]
