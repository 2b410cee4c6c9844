"""The server lives on the module's loop: it accepts nobody while the test runs on its own."""

# options: --loopcheck-hang=1
# name: port
import asyncio

import pytest
import pytest_asyncio


async def shout(reader, writer):
    writer.write((await reader.readline()).upper())
    writer.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def words():
    return ["six"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port(words):  # LC106
    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.asyncio
async def test_it_shouts(port, words):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{words[0]}\n".encode())
    assert await reader.readline() == b"SIX\n"
    writer.close()
