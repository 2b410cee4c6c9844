"""A fixture returns a TestClient that nobody enters, and the models stay unloaded."""

from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

models = {}


@asynccontextmanager
async def lifespan(app):
    models["price"] = lambda name: {"tea": 3}[name]
    yield
    models.clear()


app = FastAPI(lifespan=lifespan)


@app.get("/price/{name}")
async def price(name: str):
    return models["price"](name)


# name: models['price']
@pytest.fixture
def client():
    return TestClient(app)  # LC311


def test_tea(client):
    assert client.get("/price/tea").json() == 3
