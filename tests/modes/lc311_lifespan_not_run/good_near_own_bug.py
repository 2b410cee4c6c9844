"""Without a lifespan, but with all that it sets: the endpoint fails by itself."""

from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI, Request

prices = {"tea": 3}


@asynccontextmanager
async def lifespan(app):
    prices["coffee"] = 4
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/price/{name}")
async def price(name: str, request: Request):
    return prices[name]


@app.get("/none")
async def none():
    return {"rows": None}["rows"].first()


@pytest.mark.parametrize("path", ["/price/milk", "/none"])
@pytest.mark.asyncio
async def test_it_fails_by_itself(path):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        assert (await client.get(path)).status_code == 200
