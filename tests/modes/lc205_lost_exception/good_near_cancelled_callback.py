"""The callback looks before it asks, catches, or is that of a library for a user's handler."""

import asyncio
import contextlib

import pytest

pytestmark = pytest.mark.asyncio


async def cancelled(callback):
    task = asyncio.create_task(asyncio.Event().wait())
    task.add_done_callback(callback)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])


async def test_it_looks_first():
    found = []
    await cancelled(lambda task: None if task.cancelled() else found.append(task.result()))
    assert found == []


async def test_it_catches():
    def ended(task):
        with contextlib.suppress(asyncio.CancelledError):
            task.result()

    await cancelled(ended)


async def test_a_cancelled_handler_of_a_server():
    handlers = asyncio.Queue()

    async def callback(reader, writer):
        handlers.put_nowait(asyncio.current_task())
        await reader.read()

    server = await asyncio.start_server(callback, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    handler = await asyncio.wait_for(handlers.get(), 5)
    handler.cancel()
    await asyncio.wait([handler])
    writer.close()
    server.close()
