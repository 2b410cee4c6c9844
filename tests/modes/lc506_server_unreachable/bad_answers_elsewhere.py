"""The test tells a stand-in what to answer at the address, and the client never asks that one."""

import httpx
import pytest
import pytest_asyncio

ANSWERS = {}


@pytest_asyncio.fixture
async def prices():
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9/v1") as client:  # LC506
        yield client


# name: prices
@pytest.mark.asyncio
async def test_the_price_of_rye(prices):
    ANSWERS.update({"http://127.0.0.1:9/v1/rye": 3})
    assert (await prices.get("/rye")).json() == 3
