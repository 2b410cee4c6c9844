"""The mock is the provider, and what it returns is the repository."""

# name: get_clock

from unittest.mock import MagicMock

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


def get_clock():
    raise RuntimeError("no clock in tests")


@app.get("/now")
async def now(clock=Depends(get_clock)):
    return {"hour": clock.hour()}


def test_the_hour_is_read():
    provide = MagicMock()
    provide.return_value.hour.return_value = 9
    app.dependency_overrides[get_clock] = provide  # LC408
    assert TestClient(app).get("/now").json() == {"hour": 9}
