"""What a lifespan yields is in `request.state`, if the lifespan runs."""

from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


@asynccontextmanager
async def running(app):
    yield {"seats": {"a1": "free"}, "opened": True}


async def seat(request):
    return JSONResponse(request.state.seats[request.path_params["name"]])


app = Starlette(routes=[Route("/seats/{name}", seat)], lifespan=running)


# name: request.state.seats
@pytest.mark.asyncio
async def test_seat():
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),  # LC311
        base_url="http://hall",
    ) as client:
        assert (await client.get("/seats/a1")).json() == "free"
