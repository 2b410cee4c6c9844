"""The test sets the state itself, with no lifespan: that is a way, too."""

from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app):
    app.state.rates = {"EUR": 2}
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/rates/{name}")
async def rate(name: str, request: Request):
    return request.app.state.rates[name]


@pytest.fixture
def rates():
    app.state.rates = {"EUR": 3}


@pytest.mark.parametrize("name", ["EUR", "USD"])
@pytest.mark.asyncio
async def test_rate(name, rates):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bank") as client:
        assert (await client.get(f"/rates/{name}")).json() == 3
