"""anyio's runner has a loop for each test, too."""

import os
from urllib.parse import urlsplit

import anyio
import pytest


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def stream():  # LC307
    url = urlsplit(os.environ["HTTP_URL"])
    yield await anyio.connect_tcp(url.hostname, url.port)


# name: stream
@pytest.mark.anyio
async def test_stream(stream):
    await stream.send(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
    assert b"200" in await stream.receive()
