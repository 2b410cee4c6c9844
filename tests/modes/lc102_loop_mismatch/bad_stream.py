"""A plain TCP connection: reader and writer belong to the loop that opened them."""

# name: reader
import asyncio
import os
from urllib.parse import urlsplit

import pytest

reader = writer = None


async def ask():
    global reader, writer
    if reader is None:
        at = urlsplit(os.environ["HTTP_URL"])
        reader, writer = await asyncio.open_connection(at.hostname, at.port)  # LC102
    writer.write(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
    return await reader.readuntil(b"\r\n\r\nok")


@pytest.mark.asyncio(loop_scope="module")
async def test_first_question():
    assert await ask()


@pytest.mark.asyncio
async def test_second_question():
    assert await ask()
