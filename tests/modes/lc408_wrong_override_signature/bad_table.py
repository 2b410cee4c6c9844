"""What is overridden is an object that is called, and the doubles stand in a class's table."""

# name: limiter
from unittest.mock import AsyncMock

import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI, HTTPException, Request


class RateLimit:
    def __init__(self, limit):
        self.limit, self.hits = limit, 0

    async def __call__(self, request: Request):
        self.hits += 1
        if self.hits > self.limit:
            raise HTTPException(429)


limiter = RateLimit(2)
app = FastAPI()


@app.get("/quote", dependencies=[Depends(limiter)])
async def quote():
    return {"quote": "x"}


class ApiCase:
    overrides = {limiter: AsyncMock(return_value=None)}  # LC408

    @pytest_asyncio.fixture
    async def client(self):
        app.dependency_overrides.update(self.overrides)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
            yield client
        app.dependency_overrides.clear()


@pytest.mark.asyncio
class TestQuotes(ApiCase):
    async def test_nobody_is_limited(self, client):
        for _ in range(5):
            assert (await client.get("/quote")).status_code == 200
