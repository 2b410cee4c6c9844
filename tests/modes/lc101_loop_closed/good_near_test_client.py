import os
from contextlib import asynccontextmanager

import pytest
import valkey.asyncio as valkey
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient


@asynccontextmanager
async def lifespan(app):
    async with valkey.Valkey.from_url(os.environ["VALKEY_URL"]) as app.state.store:
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/visits")
async def visit(request: Request):
    return await request.app.state.store.incr("visits")


@pytest.mark.parametrize("number", [1, 2])
def test_visits_are_counted(number):
    with TestClient(app) as client:
        assert client.post("/visits").json() == number
        assert client.post("/visits").json() == 1, "a plain mistake"
