"""The lifespan opens the app's database. httpx sends requests to the app, and nothing starts it."""

from contextlib import asynccontextmanager

import aiosqlite
import httpx
import pytest
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app):
    async with aiosqlite.connect(":memory:") as app.state.db:
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/answer")
async def answer(request: Request):
    async with request.app.state.db.execute("SELECT 42") as rows:
        return await rows.fetchone()


# name: request.app.state.db
@pytest.mark.asyncio
async def test_answer():
    transport = httpx.ASGITransport(app)  # LC311
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        assert (await client.get("/answer")).json() == [42]
