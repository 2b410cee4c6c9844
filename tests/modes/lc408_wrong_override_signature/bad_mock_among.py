"""Two mocks for two dependencies, set in one line: one is the object, where a provider belongs."""

# name: get_clock

from unittest.mock import MagicMock

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


def get_clock():
    raise RuntimeError("no clock in tests")


def get_zone():
    raise RuntimeError("no zone in tests")


@app.get("/now")
async def now(clock=Depends(get_clock), zone=Depends(get_zone)):
    return {"hour": clock.hour(zone)}


def test_the_hour_is_read():
    clock = MagicMock()
    clock.hour.return_value = 9
    app.dependency_overrides.update({get_zone: lambda: "UTC", get_clock: clock})  # LC408
    assert TestClient(app).get("/now").json() == {"hour": 9}
