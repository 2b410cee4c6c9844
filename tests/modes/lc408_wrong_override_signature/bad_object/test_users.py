"""An object as an override, which takes whatever it is called with: so FastAPI asks for it."""

# name: get_users

import httpx
import pytest
from fakes import Provide
from fastapi import Depends, FastAPI

app = FastAPI()


def get_users():
    raise RuntimeError("no database in tests")


@app.get("/users/{number}")
async def read(number: int, users=Depends(get_users)):
    return users[number]


@pytest.fixture
def client():
    app.dependency_overrides[get_users] = Provide({1: "ada"})  # LC408
    yield httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")
    app.dependency_overrides.clear()


@pytest.mark.asyncio
async def test_found(client):
    answer = await client.get("/users/1")
    assert answer.status_code == 200, answer.text


@pytest.mark.asyncio
async def test_by_name(client):
    assert (await client.get("/users/1")).json() == "ada"
