"""FastAPI runs a plain dependency in a thread: the endpoint does not see what it sets."""

from contextvars import ContextVar

from fastapi import Depends, FastAPI, Header
from fastapi.testclient import TestClient

trace_id = ContextVar("trace_id")
app = FastAPI()


def take_trace_id(x_trace: str = Header()):  # LC214
    trace_id.set(x_trace)


@app.get("/trace", dependencies=[Depends(take_trace_id)])
async def trace():
    return trace_id.get()


# name: trace_id
def test_the_endpoint_knows_the_trace():
    with TestClient(app) as client:
        assert client.get("/trace", headers={"x-trace": "t1"}).json() == "t1"
