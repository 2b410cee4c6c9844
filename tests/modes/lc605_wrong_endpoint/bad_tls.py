"""TLS with a server that has none."""

import os

import httpx
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def shop():
    url = os.environ["HTTP_URL"].replace("http:", "https:")  # LC605
    async with httpx.AsyncClient(base_url=url) as shop:
        yield shop


# name: shop
@pytest.mark.asyncio
async def test_index(shop):
    assert (await shop.get("/")).status_code == 200
