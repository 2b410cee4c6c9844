"""A plain TCP connection: reader and writer belong to the loop that opened them."""

# name: reader
import asyncio
import os
from urllib.parse import urlsplit

import pytest

reader = writer = None


async def ping():
    global reader, writer
    if reader is None:
        at = urlsplit(os.environ["VALKEY_URL"])
        reader, writer = await asyncio.open_connection(at.hostname, at.port)  # LC102
    writer.write(b"PING\r\n")
    return await reader.readline()


@pytest.mark.asyncio(loop_scope="module")
async def test_first_ping():
    assert await ping() == b"+PONG\r\n"


@pytest.mark.asyncio
async def test_second_ping():
    assert await ping() == b"+PONG\r\n"
