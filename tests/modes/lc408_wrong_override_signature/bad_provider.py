"""The generator comes out of a fixture, under another name: the override only calls it."""

# name: get_basket
import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI


class Basket:
    def __init__(self, items):
        self.items = items

    def count(self):
        return len(self.items)


async def get_basket():
    raise RuntimeError("no database in tests")


@pytest.fixture
def provider():
    async def seeded():
        yield Basket(["rye"])

    return seeded


@pytest_asyncio.fixture
async def client(provider):
    app = FastAPI()

    @app.get("/basket")
    async def basket(basket=Depends(get_basket)):
        return {"count": basket.count()}

    app.dependency_overrides[get_basket] = lambda: provider()  # LC408
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        yield client


@pytest.mark.asyncio
async def test_one_item(client):
    assert (await client.get("/basket")).json() == {"count": 1}
