"""The request id is set in a thread, so the answer and its log line have the default."""

from contextvars import ContextVar

from fastapi import Depends, FastAPI, Request
from fastapi.testclient import TestClient

request_id = ContextVar("request_id", default="-")


class Audit:
    def __init__(self):
        self.lines = []

    def line(self, what):
        return f"{request_id.get()} {what}"


def number(request: Request):  # LC214
    request_id.set(request.headers["x-id"])


app = FastAPI(dependencies=[Depends(number)])
audit = Audit()


@app.post("/orders")
async def order():
    line = audit.line("ordered")
    return {"line": line, "orders": 1}


# name: request_id
def test_an_order_is_logged():
    client = TestClient(app)
    reply = client.post("/orders", headers={"x-id": "r-1"})
    assert reply.status_code == 200
    assert reply.json()["line"] == "r-1 ordered"
