"""The lifespan is a router's, which FastAPI merges into that of the app."""

from contextlib import asynccontextmanager

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI, Request


@asynccontextmanager
async def opened(app):
    app.state.desk = {"momo": 2}
    yield


router = APIRouter(lifespan=opened)


@router.get("/copies/{title}")
async def copies(title: str, request: Request):
    return request.app.state.desk[title]


app = FastAPI()
app.include_router(router)


# name: request.app.state.desk
@pytest_asyncio.fixture
async def client():
    to_app = httpx.ASGITransport(app)  # LC311
    async with httpx.AsyncClient(transport=to_app, base_url="http://library") as client:
        yield client


@pytest.mark.asyncio
async def test_copies(client):
    assert (await client.get("/copies/momo")).json() == 2
