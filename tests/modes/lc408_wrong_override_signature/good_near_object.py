"""Objects as overrides: one that needs nothing, one whose parameter the request brings."""

import httpx
import pytest
from fastapi import Depends, FastAPI

app = FastAPI()


class Provide:
    def __init__(self, thing):
        self.thing = thing

    def __call__(self):
        return self.thing


class Named(Provide):
    def __call__(self, name: str):
        return {1: name}


def get_users():
    raise RuntimeError("no database in tests")


@app.get("/users/{number}")
async def read(number: int, users=Depends(get_users)):
    return users[number]


@pytest.fixture
def client():
    yield httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")
    app.dependency_overrides.clear()


@pytest.mark.asyncio
async def test_another_name(client):  # fails: a plain failure
    app.dependency_overrides[get_users] = Provide({1: "bo"})
    assert (await client.get("/users/1")).json() == "ada"


@pytest.mark.asyncio
async def test_it_is_asked_for(client):  # fails: a plain failure
    app.dependency_overrides[get_users] = Named({})
    answer = await client.get("/users/1", params={"name": "bo"})
    assert answer.json() == "ada"


@pytest.mark.asyncio
async def test_no_number(client):  # fails: the path is refused
    app.dependency_overrides[get_users] = Named({})
    answer = await client.get("/users/one", params={"name": "bo"})
    assert answer.status_code == 200, answer.text
