"""The module makes the application once, and the fixture makes a second one."""

# name: http_request_seconds
import pytest
from httpx import ASGITransport, AsyncClient
from web import create_app


@pytest.fixture
async def http():
    async with AsyncClient(transport=ASGITransport(create_app()), base_url="http://app") as client:
        yield client


async def test_health(http):
    assert (await http.get("/health")).json() == {"ok": True}
