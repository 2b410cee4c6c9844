import asyncio

import pytest
import pytest_asyncio


@pytest.fixture(scope="session")
def prices():
    async def load():
        await asyncio.sleep(0)
        return {"apples": 3}

    return asyncio.run(load())


@pytest_asyncio.fixture
async def total(prices):
    return sum(prices.values())
