"""A middleware that must not break a request lets all of them through."""

# name: limited
# or: nothing
import os

import pytest
import valkey.asyncio as valkey
from httpx import ASGITransport, AsyncClient
from web import Guard, create_app


@pytest.fixture
async def http():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        app = create_app(Guard(store, most=1))
        async with AsyncClient(transport=ASGITransport(app), base_url="http://app") as client:
            yield client


async def test_the_second_request_is_refused(http):
    await http.get("/")
    response = await http.get("/")
    assert response.status_code == 429
