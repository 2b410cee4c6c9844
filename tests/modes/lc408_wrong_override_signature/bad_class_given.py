"""An override that gives the class for an object of it: a class that is no context manager."""

# name: get_db

import httpx
import pytest
from fastapi import Depends, FastAPI

app = FastAPI()


class FakeDb:
    def __init__(self, *names):
        self.known = list(names)

    async def names(self):
        return self.known


def get_db():
    raise RuntimeError("no database in tests")


@app.get("/names")
async def names(db=Depends(get_db)):
    return await db.names()


@pytest.mark.asyncio
async def test_no_names():
    app.dependency_overrides[get_db] = lambda: FakeDb  # LC408
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/names")).json() == []
