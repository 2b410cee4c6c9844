import httpx
import pytest_asyncio
from library import app


@pytest_asyncio.fixture
async def client():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://library") as client:
        yield client
    app.dependency_overrides.clear()
