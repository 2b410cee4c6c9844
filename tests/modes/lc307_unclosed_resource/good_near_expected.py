"""Tests of the warning itself: what they leave open they leave on purpose."""

import asyncio
import gc
import warnings

import aiohttp
import pytest


def leave():
    aiohttp.ClientSession()
    gc.collect()


async def leave_connection():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    await asyncio.open_connection(host, port)
    server.close()
    gc.collect()


@pytest.mark.asyncio
async def test_warns():
    with pytest.warns(ResourceWarning, match="Unclosed client session"):
        leave()


@pytest.mark.asyncio
async def test_connection_warns():
    with pytest.warns(ResourceWarning, match="unclosed transport"):
        await leave_connection()


@pytest.mark.asyncio
async def test_recorded():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        leave()
    assert [one.category for one in seen] == [ResourceWarning]


@pytest.mark.asyncio
async def test_recwarn(recwarn):
    leave()
    assert recwarn.pop(ResourceWarning)
