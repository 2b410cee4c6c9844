"""A response is streamed through a generator of the project's own."""

import os

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def chunks(url):
    async with httpx.AsyncClient() as client, client.stream("GET", url) as response:
        async for chunk in response.aiter_bytes():
            yield chunk


async def decoded(url):
    async for chunk in chunks(url):
        yield chunk.decode()


# name: chunks
async def test_first_chunk():
    async for text in decoded(os.environ["HTTP_URL"]):  # LC206
        break
    assert text == "ok"


async def test_other():
    assert True
