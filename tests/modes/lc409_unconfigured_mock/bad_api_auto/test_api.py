"""The model refuses the mock, and shows a type; where it came from is two awaits away."""

from unittest.mock import AsyncMock, MagicMock

import api
import httpx
import pytest


@pytest.fixture
def db():
    double = AsyncMock()
    double.get.return_value = MagicMock(spec=["name", "mail"])  # LC409
    api.app.dependency_overrides[api.users] = lambda: double
    yield double
    api.app.dependency_overrides.clear()


# name: db.get.return_value.name
async def test_user(db):
    transport = httpx.ASGITransport(app=api.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/user/7")).json() == {"name": "Ada"}
