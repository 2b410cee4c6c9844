"""Requests one after the other, and an endpoint with a lock: the expected numbers are wrong."""

import asyncio

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

pytestmark = pytest.mark.asyncio
app = FastAPI()
lock = asyncio.Lock()


@app.post("/plain")
async def plain():
    left = app.state.tickets
    await asyncio.sleep(0)
    app.state.tickets = left - 1


@app.post("/locked")
async def locked():
    async with lock:
        left = app.state.tickets
        await asyncio.sleep(0)
        app.state.tickets = left - 1


@pytest_asyncio.fixture
async def client():
    app.state.tickets = 10
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bus") as client:
        yield client


async def test_one_after_the_other(client):
    for _ in range(3):
        await client.post("/plain")
    assert app.state.tickets == 6


async def test_at_once_with_a_lock(client):
    await asyncio.gather(*(client.post("/locked") for _ in range(3)))
    assert app.state.tickets == 6


async def test_one_of_each(client):
    await asyncio.gather(client.post("/plain"), client.get("/plain"))
    assert app.state.tickets == 8
