"""The server runs in a thread of its own, and does not answer: a limit ends the wait."""

import asyncio
import threading

import pytest
import pytest_asyncio


async def keep_quiet(reader, writer):
    await reader.read()
    writer.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port():
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    made = asyncio.start_server(keep_quiet, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(made, loop).result(10)
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(server.close)


@pytest.mark.asyncio
async def test_it_answers(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(0.3):
            assert await reader.readline() == b"hello\n"
    finally:
        writer.close()
