"""A poller of one test empties a list under the name that both have for it."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio(loop_scope="module")
MAILS = "mails"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield store


async def clear(store):
    while True:
        await store.blpop([MAILS], timeout=0)


# name: clear
async def test_clear(store):
    asyncio.create_task(clear(store))  # LC201
    await store.rpush(MAILS, "spam")
    await asyncio.sleep(0.05)
    assert await store.llen(MAILS) == 0


async def test_mail_is_kept(store):
    await store.rpush(MAILS, "to Ada")
    await asyncio.sleep(0.05)
    assert await store.lrange(MAILS, 0, -1) == [b"to Ada"]
