"""A client class of the user's own: what it inherits from holds the connection."""

# name: inbox
import os

import pytest
import valkey.asyncio as valkey


class Inbox(valkey.Valkey):
    async def deliver(self, *letters):
        return await self.rpush("inbox", *letters)


inbox = Inbox.from_url(os.environ["VALKEY_URL"])  # LC102


@pytest.mark.asyncio(loop_scope="module")
async def test_one_letter():
    assert await inbox.deliver("bill") >= 1


@pytest.mark.asyncio
async def test_two_letters():
    assert await inbox.deliver("card", "bill") >= 2
