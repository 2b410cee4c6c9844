"""What the middleware writes down is right, or wrong for another reason."""

from contextvars import ContextVar

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route

actor = ContextVar("actor", default="nobody")
plan = ContextVar("plan", default="free")
trail = []


class PlainAudit:
    """No task of its own: what the endpoint sets is here."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)
        if scope["type"] == "http":
            trail.append(actor.get())


async def close(request):
    actor.set("ada")
    return JSONResponse({"closed": True})


def test_a_plain_middleware_finds_it():
    trail.clear()
    app = Starlette(routes=[Route("/close", close)], middleware=[Middleware(PlainAudit)])
    with TestClient(app) as client:
        client.get("/close")
        assert trail == ["bob"]  # the plain fault


shop = FastAPI()
plans = []


@shop.middleware("http")
async def noted(request, call_next):
    token = plan.set(request.headers.get("x-plan", "free"))
    response = await call_next(request)
    plans.append(plan.get())
    plan.reset(token)
    return response


@shop.get("/upgrade")
async def upgrade():
    plan.set("gold")
    return "ok"


@shop.get("/look")
async def look():
    return "ok"


def test_the_plan_at_the_start_is_noted():
    plans.clear()
    with TestClient(shop) as client:
        client.get("/upgrade", headers={"x-plan": "silver"})
        assert plans == ["free"]  # the plain fault


def test_nothing_sets_it():
    plans.clear()
    with TestClient(shop) as client:
        client.get("/look")
        assert plans == ["gold"]  # the plain fault
