"""The lifespan runs and fails: its own error says so."""

from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

settings = {}


@asynccontextmanager
async def lifespan(app):
    app.state.url = settings["url"]
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/url")
async def url(request: Request):
    return request.app.state.url


@pytest.fixture
def client():
    with TestClient(app) as client:
        yield client


def test_url(client):
    assert client.get("/url").json() == "db"
