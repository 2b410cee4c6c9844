"""The endpoint of an app with a `BaseHTTPMiddleware` runs in a task of its own."""

from contextvars import ContextVar

from fastapi import FastAPI
from fastapi.testclient import TestClient

cost = ContextVar("cost")
app = FastAPI()


@app.middleware("http")
async def show_cost(request, call_next):
    response = await call_next(request)
    response.headers["x-cost"] = str(cost.get())
    return response


@app.get("/tea")
async def tea():
    cost.set(3)  # LC214
    return "tea"


# name: cost
def test_the_response_says_what_it_cost():
    with TestClient(app) as client:
        assert client.get("/tea").headers["x-cost"] == "3"
