"""The override returns a lambda: the route is given that, and not what it would make."""

# name: get_repo
# findings: 2

import httpx
import pytest
from fastapi import Depends, FastAPI

app = FastAPI()


class Repo:
    async def count(self):
        return 3


async def get_repo():
    raise RuntimeError("no database in tests")


@app.get("/count")
async def count(repo=Depends(get_repo)):
    return await repo.count()


@pytest.fixture
def client():
    transport = httpx.ASGITransport(app=app)
    yield httpx.AsyncClient(transport=transport, base_url="http://test")
    app.dependency_overrides.clear()


@pytest.mark.asyncio
async def test_made_by_a_function(client):
    def make():
        return lambda: Repo()

    app.dependency_overrides[get_repo] = make  # LC408
    assert (await client.get("/count")).json() == 3


@pytest.mark.asyncio
async def test_made_by_a_lambda(client):
    app.dependency_overrides[get_repo] = lambda: lambda: Repo()  # LC408
    assert (await client.get("/count")).json() == 3
