"""What the application makes for itself lives on the loop of the test client."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient


@asynccontextmanager
async def lifespan(app):
    app.state.news = asyncio.Queue()
    asyncio.get_running_loop().call_later(0.01, app.state.news.put_nowait, "closed")
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/news")
async def news(request: Request):
    return await request.app.state.news.get()


@pytest.mark.asyncio
async def test_news_are_told():
    with TestClient(app) as web:
        assert web.get("/news").json() == "opened"
