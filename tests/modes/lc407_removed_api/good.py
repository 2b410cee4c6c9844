"""What is written today."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root():
    return {"ok": True}


@pytest.mark.asyncio
async def test_answers():
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/")).json() == {"ok": True}


@pytest.mark.asyncio
async def test_waits():
    done, pending = await asyncio.wait([asyncio.create_task(asyncio.sleep(0))])
    assert len(done) == 1
    assert not pending
