"""Startup sets a global of the module, which stays None."""

import os
from contextlib import asynccontextmanager

import valkey.asyncio as valkey
from fastapi import FastAPI
from fastapi.testclient import TestClient

store = None


@asynccontextmanager
async def lifespan(app):
    global store
    store = valkey.from_url(os.environ["VALKEY_URL"])
    yield
    await store.aclose()


app = FastAPI(lifespan=lifespan)


@app.get("/hits")
async def hits():
    return await store.incr("hits")


# name: store
def test_hits():
    client = TestClient(app)  # LC311
    assert client.get("/hits").json() == 1
    assert client.get("/hits").json() == 2
