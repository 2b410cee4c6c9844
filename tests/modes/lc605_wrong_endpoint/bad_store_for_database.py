"""A database client on the store's port: silence, until time runs out."""

import os
from urllib.parse import urlsplit

import asyncpg
import pytest

store = urlsplit(os.environ["VALKEY_URL"])  # LC605


# name: asyncpg.connect
@pytest.mark.asyncio
async def test_connect():
    target = dict(host=store.hostname, port=store.port)  # noqa: C408
    await asyncpg.connect(user="app", password="x", database="app", timeout=0.3, **target)
