"""A mounted app has a lifespan of its own, and no server or client ever runs that."""

from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient


@asynccontextmanager
async def lifespan(api):
    api.state.menu = ["soup"]  # LC311
    yield


api = FastAPI(lifespan=lifespan)
app = FastAPI()
app.mount("/api", api)


@api.get("/menu")
async def menu(request: Request):
    return request.app.state.menu


# name: request.app.state.menu
def test_menu():
    with TestClient(app) as client:
        assert client.get("/api/menu").json() == ["soup"]
