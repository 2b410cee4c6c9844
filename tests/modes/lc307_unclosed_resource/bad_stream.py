"""The answer is read to its end; the writer that came with the reader is thrown away."""

import asyncio

import pytest


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"hello")
    writer.close()


# name: _
@pytest.mark.asyncio
async def test_hello():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, _ = await asyncio.open_connection("127.0.0.1", port)  # LC307
    assert await reader.read() == b"hello"
    server.close()
    await server.wait_closed()
