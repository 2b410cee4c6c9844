"""The address comes from outside: what reads it is the nearest line."""

import asyncio
import os

import pytest


async def dial():
    host, port = os.environ["BROKER_ADDRESS"].split(":")  # LC506
    reader, writer = await asyncio.open_connection(host, int(port))
    return reader, writer


# name: asyncio.open_connection
@pytest.mark.asyncio
async def test_hello():
    reader, writer = await dial()
    writer.write(b"hello\n")
    assert await reader.readline() == b"hello\n"
