"""The coroutine in the client's place is collected by a later test, at a line of the library."""

# name: client | coroutine | open_client
# findings: 2
import contextlib
import gc
import os

import pytest
from valkey.asyncio import Valkey

URL = os.environ["VALKEY_URL"]


class Counter:
    def __init__(self, client):
        self.client = client

    async def count(self, key):
        return await self.client.incr(key)


async def open_client():
    return Valkey.from_url(URL)


@pytest.mark.asyncio
async def test_it_is_handed_over():
    client = open_client()  # LC507
    assert await Counter(client).count("a") == 1
    await client.aclose()


@pytest.mark.asyncio
async def test_it_is_asked_at_once():
    client = open_client()  # LC507
    await client.incr("b")
    await client.aclose()


def test_both_are_collected():
    with contextlib.ExitStack() as stack:
        stack.callback(gc.collect)
