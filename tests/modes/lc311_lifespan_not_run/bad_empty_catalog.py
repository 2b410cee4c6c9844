"""The endpoint finds an empty catalog, since nothing has run the lifespan that loads it."""

from contextlib import asynccontextmanager

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI, HTTPException


class Catalog:
    def __init__(self):
        self.prices = {}

    async def load(self):
        self.prices = {"basil": 190, "dill": 150}

    def price(self, name):
        return self.prices.get(name)


catalog = Catalog()


@asynccontextmanager
async def lifespan(app):
    await catalog.load()
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/seeds/{name}")
async def show(name: str):
    price = catalog.price(name)
    if price is None:
        raise HTTPException(404)
    return {"name": name, "price": price}


@pytest_asyncio.fixture
async def client():
    transport = httpx.ASGITransport(app=app)  # LC311
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        yield client


# name: catalog.price(name)
@pytest.mark.asyncio
async def test_a_price(client):
    response = await client.get("/seeds/basil")
    assert response.status_code == 200
