"""FastAPI enters and leaves a plain generator dependency in two threads."""

from contextvars import ContextVar

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

unit = ContextVar("unit", default="kg")
app = FastAPI()


def in_pounds():  # LC214
    previous = unit.set("lb")
    yield
    unit.reset(previous)


@app.get("/unit", dependencies=[Depends(in_pounds)])
async def weigh():
    return {"weight": 3}


# name: unit
def test_weigh():
    with TestClient(app) as client:
        assert client.get("/unit").json() == {"weight": 3}
