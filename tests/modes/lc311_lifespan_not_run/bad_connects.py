"""Startup connects an object that the module has made, and the object's own line fails."""

from contextlib import asynccontextmanager

import aiosqlite
from fastapi import FastAPI
from fastapi.testclient import TestClient


class Database:
    def __init__(self):
        self.connection = None

    async def connect(self):
        self.connection = await aiosqlite.connect(":memory:")

    async def answer(self):
        rows = await self.connection.execute_fetchall("SELECT 42")
        return rows[0][0]


database = Database()


@asynccontextmanager
async def lifespan(app):
    await database.connect()
    yield
    await database.connection.close()


app = FastAPI(lifespan=lifespan)


@app.get("/answer")
async def answer():
    return await database.answer()


# name: self.connection
def test_answer():
    assert TestClient(app).get("/answer").json() == 42  # LC311
