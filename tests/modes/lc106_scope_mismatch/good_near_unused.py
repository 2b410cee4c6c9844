"""Loop scopes differ, harmlessly: nothing of the fixture's loop is used by the test that fails."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        await client.ping()
    return os.environ["VALKEY_URL"]


@pytest.mark.asyncio
async def test_url_is_wrong(url):
    assert url == "valkey://shop"
