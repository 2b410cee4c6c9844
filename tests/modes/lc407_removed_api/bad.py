"""Arguments that were taken some versions ago: httpx, asyncio, a client's first command."""

# name: app= | loop=
# findings: 4
import asyncio
import os

import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis
from valkey.asyncio import Valkey

app = FastAPI()
pytestmark = pytest.mark.asyncio


async def test_answers():
    async with httpx.AsyncClient(
        base_url="http://test",
        app=app,  # LC407
    ) as client:
        await client.get("/")


async def test_takes_turns():
    lock = asyncio.Lock(loop=asyncio.get_running_loop())  # LC407
    async with lock:
        pass


async def test_makes_a_client():
    Redis(port=1, loop=asyncio.get_running_loop())  # LC407


async def test_asks_at_last():
    client = Valkey.from_url(os.environ["VALKEY_URL"], loop=asyncio.get_running_loop())  # LC407
    await client.ping()
