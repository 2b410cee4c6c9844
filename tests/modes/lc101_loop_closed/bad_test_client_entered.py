"""Each test enters a TestClient, and so has a loop; the application's client has the first one."""

# name: shop.app.state.store | app.state.store | request.app.state.store
import os

import pytest
import valkey.asyncio as valkey
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient


async def price(request):
    return JSONResponse(await request.app.state.store.exists("tea"))


app = Starlette(routes=[Route("/price", price)])
app.state.store = valkey.Valkey.from_url(os.environ["VALKEY_URL"])  # LC101


@pytest.fixture
def shop():
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("name", ["tea", "milk"])
def test_price(shop, name):
    assert shop.get("/price", params={"name": name}).json() == 0
