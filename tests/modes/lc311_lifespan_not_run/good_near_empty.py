"""The answer is not the expected one, but the lifespan has run, or has no part in that."""

from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

rates, visits = {}, []


@asynccontextmanager
async def lifespan(app):
    rates.update(eur=1.0, usd=1.1)
    yield
    rates.clear()


app = FastAPI(lifespan=lifespan)


@app.get("/rates/{name}")
async def rate(name: str):
    return {"rate": rates.get(name)}


@app.get("/visits")
async def count():
    return {"visits": len(visits)}


def client():
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bank")


@pytest.mark.asyncio
async def test_a_rate_that_nobody_loads():
    async with app.router.lifespan_context(app), client() as http:
        answer = await http.get("/rates/gbp")
        assert answer.json() == {"rate": 0.9}


@pytest.mark.asyncio
async def test_what_the_lifespan_does_not_change():
    async with client() as http:
        answer = await http.get("/visits")
        assert answer.json() == {"visits": 1}


def test_a_client_that_was_entered():
    with TestClient(app) as http:
        answer = http.get("/rates/gbp")
    assert answer.json() == {"rate": 0.9}
