"""Overrides that hold lambdas, and give what they are to give."""

from types import SimpleNamespace

import httpx
import pytest
from fastapi import Depends, FastAPI

app = FastAPI()


async def get_repo():
    raise RuntimeError("no database in tests")


def get_clock():
    return lambda: 12


@app.get("/count")
async def count(repo=Depends(get_repo)):
    return repo.count.value


@app.get("/hour")
async def hour(clock=Depends(get_clock)):
    return clock().hour


@pytest.fixture
def client():
    transport = httpx.ASGITransport(app=app)
    yield httpx.AsyncClient(transport=transport, base_url="http://test")
    app.dependency_overrides.clear()


@pytest.mark.asyncio
async def test_the_route_asks_a_method_for_a_value(client):  # fails: that is the route's own slip
    def repo():
        return SimpleNamespace(count=lambda: 3)

    app.dependency_overrides[get_repo] = repo
    assert (await client.get("/count")).json() == 3


@pytest.mark.asyncio
async def test_a_clock_that_is_called(client):  # fails: a number has no hour
    def clock():
        return lambda: 13

    app.dependency_overrides[get_clock] = clock
    assert (await client.get("/hour")).json() == 13
