"""Startup sets it under a condition only: whether that holds, nothing here says."""

import os
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient


@asynccontextmanager
async def lifespan(app):
    if os.environ.get("SHOP_CACHE"):
        app.state.cache = {}
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/rows")
async def rows(request: Request):
    return request.app.state.cache


def test_rows():
    assert TestClient(app).get("/rows").json() == {}
