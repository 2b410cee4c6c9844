"""The only test of the loop passes: its listener dies as the client is closed under it."""

import asyncio
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield store


class Inbox:
    def __init__(self, store):
        self.store, self.letters = store, []

    async def listen(self):
        while True:
            self.letters.append(await self.store.blpop("letters"))


@pytest_asyncio.fixture(loop_scope="module")
async def inbox(store):
    inbox = Inbox(store)
    inbox.listening = asyncio.create_task(inbox.listen())  # LC201
    yield inbox


# name: Inbox.listen
async def test_letter(inbox, store):
    await store.rpush("letters", "1")
    await asyncio.sleep(0.05)
    assert inbox.letters == [(b"letters", b"1")]
