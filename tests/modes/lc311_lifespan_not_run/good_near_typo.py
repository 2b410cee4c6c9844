"""No lifespan runs, and none would help: startup sets another name."""

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
    return request.app.state.db


def test_rows():
    assert TestClient(app).get("/rows").json() == "rows"
