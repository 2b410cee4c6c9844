"""The lifespan ran, and the endpoint reads a name that nobody sets: a plain slip."""

from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient


@asynccontextmanager
async def lifespan(app):
    app.state.database = "rows"
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/rows")
async def rows(request: Request):
    return request.app.state.databse


def test_rows():
    with TestClient(app) as client:
        assert client.get("/rows").json() == "rows"
