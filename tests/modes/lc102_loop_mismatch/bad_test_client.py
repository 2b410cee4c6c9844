"""Starlette's test client runs the application on a loop of its own, in a thread."""

# name: board.news | board
import asyncio

import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.testclient import TestClient


class Board:
    def __init__(self):
        self.news = asyncio.Queue()


@pytest_asyncio.fixture
async def board():
    board = Board()
    asyncio.get_running_loop().call_soon(board.news.put_nowait, "opened")
    assert await board.news.get() == "opened"
    return board


@pytest.mark.asyncio
async def test_news_are_told(board):
    app = FastAPI()
    app.get("/news")(board.news.get)
    with TestClient(app) as web:  # LC102
        assert web.get("/news").json() == "closed"
