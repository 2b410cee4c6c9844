"""A websocket's endpoint runs in a thread of the client: the frames do not show what sends."""

from contextlib import asynccontextmanager

from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient


@asynccontextmanager
async def lifespan(app):
    app.state.prices = [3, 5]
    yield


app = FastAPI(lifespan=lifespan)


@app.websocket("/prices")
async def prices(socket: WebSocket):
    await socket.accept()
    await socket.send_json(socket.app.state.prices)


# name: socket.app.state.prices
def test_prices():
    client = TestClient(app)  # LC311
    with client.websocket_connect("/prices") as socket:
        assert socket.receive_json() == [3, 5]
