"""The test runs the lifespan around its client, as a server does around all requests."""

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


@pytest.mark.asyncio
async def test_answer():
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://shop") as client,
    ):
        assert (await client.get("/answer")).json() == [42]
