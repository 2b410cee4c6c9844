"""A client that tries again until its server is there."""

import asyncio

import pytest


async def patient(port, tries):
    for _ in range(tries):
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError as error:
            last = error
            await asyncio.sleep(0)
    raise last


@pytest.mark.asyncio
async def test_it_comes_up():
    async def late(reader, writer):
        writer.write(b"here\n")
        writer.close()

    server = await asyncio.start_server(late, "127.0.0.1", 0, start_serving=False)
    asyncio.get_running_loop().call_later(0.01, lambda: server.sockets and starts.set())
    starts = asyncio.Event()

    async def start():
        await starts.wait()
        await server.start_serving()

    starting = asyncio.create_task(start())
    reader, writer = await patient(server.sockets[0].getsockname()[1], 10_000)
    assert await reader.readline() == b"here\n"
    writer.close()
    await starting
    server.close()
