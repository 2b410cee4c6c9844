import asyncio

import httpx
import pytest
from fastapi import FastAPI

app, news = FastAPI(), asyncio.Queue()


@app.get("/news")
async def read_news():
    return await news.get()


@pytest.mark.asyncio
async def test_news_are_read():
    transport = httpx.ASGITransport(app=app)
    asyncio.get_running_loop().call_later(0.01, news.put_nowait, "closed")
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/news")).json() == "opened"
