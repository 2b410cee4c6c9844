"""The lifespan sets the region in its own task. Each request has another one."""

from contextlib import asynccontextmanager
from contextvars import ContextVar

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

region = ContextVar("region")


@asynccontextmanager
async def lifespan(app):
    region.set("eu")  # LC214
    yield


async def where(request):
    return PlainTextResponse(region.get())


app = Starlette(routes=[Route("/", where)], lifespan=lifespan)


# name: region
def test_the_region_is_known():
    with TestClient(app) as client:
        assert client.get("/").text == "eu"
