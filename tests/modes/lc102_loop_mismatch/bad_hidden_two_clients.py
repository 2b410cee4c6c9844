"""Two clients of the same make: one is at home, the other one is the stranger."""

# name: archive
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

archive = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


@pytest_asyncio.fixture
async def drafts():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as drafts:
        await drafts.set("draft", "a novel")
        yield drafts


@pytest.mark.asyncio(loop_scope="module")
async def test_archive_is_there():
    assert await archive.ping()


@pytest.mark.asyncio
async def test_draft_is_archived(drafts):
    text = await drafts.get("draft")
    assert await archive.set("archived", text)
