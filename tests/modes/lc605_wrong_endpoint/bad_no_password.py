"""The address lost its password on the way."""

import os
from urllib.parse import urlsplit

import pytest
from valkey.asyncio import Valkey


class Sessions:
    def __init__(self):
        where = urlsplit(os.environ["VALKEY_URL"])
        self.store = Valkey(host=where.hostname, port=where.port)  # LC605

    async def open(self, user):
        return await self.store.incr(f"session:{user}")


@pytest.fixture
def sessions():
    return Sessions()


# name: sessions.store
@pytest.mark.asyncio
async def test_open(sessions):
    assert await sessions.open("ada") == 1
