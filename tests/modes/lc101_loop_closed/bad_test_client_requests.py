"""Without `with`, TestClient gives each request a loop of its own."""

# name: store
import os

import valkey.asyncio as valkey
from fastapi import FastAPI
from fastapi.testclient import TestClient

store = valkey.Valkey.from_url(os.environ["VALKEY_URL"])  # LC101
app = FastAPI()


@app.post("/visits")
async def visit():
    return await store.incr("visits")


def test_visits_are_counted():
    client = TestClient(app)
    assert client.post("/visits").json() == 1
    assert client.post("/visits").json() == 2
