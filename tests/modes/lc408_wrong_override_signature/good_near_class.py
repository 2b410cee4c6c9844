"""Classes as overrides that have what they need; the answer has no such key all the same."""

import httpx
import pytest
from fastapi import Depends, FastAPI

app = FastAPI()


class FakeRepo:
    def __init__(self, rows):
        self.rows = rows


class Empty:
    def __init__(self, rows=0):
        self.rows = rows


async def get_repo():
    raise RuntimeError("no database in tests")


@app.get("/count")
async def count(repo=Depends(get_repo)):
    return {"n": repo.rows}


@app.get("/of/{rows}")
async def of(rows: int, repo=Depends(get_repo)):
    return {"n": repo.rows}


@app.get("/health")
async def health():
    return {"ok": True}


@pytest.fixture
def client():
    app.dependency_overrides[get_repo] = FakeRepo
    transport = httpx.ASGITransport(app=app)
    yield httpx.AsyncClient(transport=transport, base_url="http://test")
    app.dependency_overrides.clear()


@pytest.mark.asyncio
async def test_the_request_brings_it(client):  # fails: it is called n
    assert (await client.get("/count", params={"rows": 5})).json()["count"] == 5


@pytest.mark.asyncio
async def test_the_address_brings_it(client):  # fails
    assert (await client.get("/count?rows=5")).json()["count"] == 5


@pytest.mark.asyncio
async def test_the_path_brings_it(client):  # fails
    assert (await client.get("/of/5")).json()["count"] == 5


@pytest.mark.asyncio
async def test_a_route_that_has_no_repo(client):  # fails
    assert (await client.get("/health")).json()["n"] == 5


@pytest.mark.asyncio
async def test_it_needs_none(client):  # fails
    app.dependency_overrides[get_repo] = Empty
    assert (await client.get("/count")).json()["count"] == 5


@pytest.mark.asyncio
async def test_another_dict_has_no_such_key(client):  # fails: the test's own
    wanted = {}
    answer = (await client.get("/health")).json()
    assert answer["ok"] == wanted["n"]
