"""The code under test has a synchronous face; two async tests call it."""

# name: Prices.fetch
import asyncio

import pytest


class Prices:
    async def fetch(self):
        await asyncio.sleep(0)
        return {"jam": 3}

    def all(self):
        return asyncio.run(self.fetch())  # LC103


@pytest.fixture
def prices():
    return Prices()


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["jam", "bread"])
async def test_price(prices, name):
    assert prices.all()["jam"] == 3
