"""The rest of the line comes late, or the other side hangs up half-way: a failure, and no hang."""

# options: --loopcheck-hang=0.2

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def slowly(reader, writer):
    writer.write(b"HEL")
    await asyncio.sleep(0.5)
    writer.write(b"LO\n")
    writer.close()


async def cut(reader, writer):
    writer.write(b"HEL")
    writer.close()


async def read(handler):
    async with await asyncio.start_server(handler, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            return await reader.readline()
        finally:
            writer.close()


async def test_slowly():
    assert await read(slowly) == b"HELLO\n"


async def test_cut():
    assert await read(cut) == b"HELLO\n"
