"""A middleware writes down what the endpoint has set, and finds only the default."""
# name: actor | tenant | cost
# findings: 3

from contextvars import ContextVar

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Route

actor = ContextVar("actor", default="nobody")
tenant = ContextVar("tenant", default=None)
cost = ContextVar("cost", default=0)


class Audit(BaseHTTPMiddleware):
    def __init__(self, app, trail):
        super().__init__(app)
        self.trail = trail

    async def dispatch(self, request, call_next):
        response = await call_next(request)
        self.trail.append((request.method, actor.get()))
        return response


def sign_in(request):
    actor.set(request.headers["x-user"])  # LC214


async def close(request):
    sign_in(request)
    return JSONResponse({"closed": True})


@pytest.mark.asyncio
async def test_the_trail_names_the_user():
    trail = []
    layers = [Middleware(Audit, trail=trail)]
    app = Starlette(routes=[Route("/close", close, methods=["POST"])], middleware=layers)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        reply = await client.post("/close", headers={"x-user": "ada"})
        assert reply.json() == {"closed": True}
        assert trail == [("POST", "ada")]


api = FastAPI()
log = []


def line_of(request):
    return {"path": request.url.path, "tenant": tenant.get()}


@api.middleware("http")
async def access_log(request, call_next):
    response = await call_next(request)
    log.append(line_of(request))
    return response


@api.get("/rooms/{name}")
async def rooms(name: str):
    tenant.set(name.partition("-")[0])  # LC214
    return {"rooms": 3}


def test_the_log_has_the_tenant():
    with TestClient(api) as client:
        client.get("/rooms/blue-1")
        assert log == [{"path": "/rooms/blue-1", "tenant": "blue"}]


class Meter:
    def __init__(self):
        self.spent = {}

    def note(self, path, amount):
        self.spent[path] = amount


meter = Meter()
shop = FastAPI()


@shop.middleware("http")
async def metered(request, call_next):
    try:
        return await call_next(request)
    finally:
        meter.note(request.url.path, cost.get())


@shop.get("/tea")
async def tea():
    cost.set(3)  # LC214
    return "tea"


def test_tea_costs():
    with TestClient(shop) as client:
        client.get("/tea")
        assert meter.spent["/tea"] == 3
