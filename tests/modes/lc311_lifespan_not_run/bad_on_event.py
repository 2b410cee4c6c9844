"""The older way, which FastAPI still has: a handler of the startup event."""

import warnings

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

app = FastAPI()

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)

    @app.on_event("startup")
    async def start():
        app.state.rates = {"EUR": 2}


@app.get("/rates/{name}")
async def rate(name: str, request: Request):
    return request.app.state.rates[name]


# name: request.app.state.rates
@pytest.mark.parametrize(("name", "value"), [("EUR", 2)])
def test_rate(name, value):
    client = TestClient(app)  # LC311
    assert client.get(f"/rates/{name}").json() == value
