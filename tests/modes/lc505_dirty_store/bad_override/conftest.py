import httpx
import pytest
import pytest_asyncio
from depot.routes import app, driver


@pytest_asyncio.fixture
async def client():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://depot") as client:
        yield client


@pytest.fixture
def as_bob():
    async def bob():
        return "bob"

    app.dependency_overrides[driver] = bob  # LC505
