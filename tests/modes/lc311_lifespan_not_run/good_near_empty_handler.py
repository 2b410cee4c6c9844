"""A startup handler of the older kind has run: the fixture has entered the client."""

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

rates = {}


def load():
    rates.update(eur=1.0)


async def rate(request):
    return JSONResponse({"rate": rates.get(request.path_params["name"])})


app = Starlette(routes=[Route("/rates/{name}", rate)])
app.router.on_startup = [load]


@pytest.fixture
def client():
    with TestClient(app) as client:
        load()
        yield client


def test_a_rate_that_nobody_loads(client):
    assert client.get("/rates/usd").json() == {"rate": 1.1}
