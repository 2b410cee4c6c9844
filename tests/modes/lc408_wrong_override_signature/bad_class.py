"""A class that needs an argument, as an override: the answer is looked up and kept nowhere."""

# name: get_repo

import httpx
import pytest
from fastapi import Depends, FastAPI

app = FastAPI()


class FakeRepo:
    def __init__(self, rows):
        self.rows = rows

    async def count(self):
        return self.rows


async def get_repo():
    raise RuntimeError("no database in tests")


@app.get("/count")
async def count(repo=Depends(get_repo)):
    return {"n": await repo.count()}


@pytest.mark.asyncio
async def test_five():
    app.dependency_overrides[get_repo] = FakeRepo  # LC408
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/count")).json()["n"] == 5
