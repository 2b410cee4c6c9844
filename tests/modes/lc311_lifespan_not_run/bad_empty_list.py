"""A list that startup fills is empty: the client was not entered. Starlette, and a plain test."""

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

stations = []


async def lifespan(app):
    stations.extend(["Oslo", "Bergen"])
    yield
    stations.clear()


async def listed(request):
    return JSONResponse({"stations": sorted(stations)})


app = Starlette(routes=[Route("/stations", listed)], lifespan=lifespan)


# name: stations
def test_all_stations_are_listed():
    client = TestClient(app)  # LC311
    found = client.get("/stations").json()
    assert found["stations"] == ["Bergen", "Oslo"]
