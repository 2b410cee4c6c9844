"""A double that the endpoint met, and an answer that is another for its own reason."""

from unittest.mock import AsyncMock, patch

import httpx
import pytest
from fastapi import FastAPI

app = FastAPI()


async def temperature(city):
    return 10


@app.get("/now/{city}")
async def now(city: str):
    return {"degrees": await temperature(city)}


@app.get("/places")
async def places():
    return ["rome"]


@pytest.mark.asyncio
@pytest.mark.parametrize("path", ["/now/rome", "/places"])
async def test_answers(path):
    with patch(f"{__name__}.temperature", AsyncMock(return_value=30)):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://weather") as client:
            answer = await client.get(path)
    assert answer.json() == {"degrees": 31}
