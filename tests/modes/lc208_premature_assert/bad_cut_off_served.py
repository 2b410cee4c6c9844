"""The test reads through the application what a task of an earlier request has not written."""
# name: note

import asyncio

from fastapi import FastAPI
from fastapi.testclient import TestClient

app, NOTES = FastAPI(), []


async def note(order):
    await asyncio.sleep(0.1)
    NOTES.append(order)


@app.post("/orders/{order}")
async def place(order: str):
    asyncio.create_task(note(order))  # LC208
    return "accepted"


@app.get("/notes")
async def notes():
    return NOTES


def test_an_order_is_noted():
    with TestClient(app) as client:
        assert client.post("/orders/plum").json() == "accepted"
        assert client.get("/notes").json() == ["plum"]
