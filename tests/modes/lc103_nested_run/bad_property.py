"""A property starts a loop; another function asks for the loop that runs."""

# name: Prices.fetch
# findings: 2
import asyncio

import pytest


class Prices:
    async def fetch(self):
        return {"jam": 3}

    @property
    def all(self):
        return asyncio.run(self.fetch())  # LC103

    def known(self):
        return asyncio.get_event_loop().run_until_complete(self.fetch())  # LC103


@pytest.mark.asyncio
async def test_price():
    assert Prices().all["jam"] == 3


@pytest.mark.asyncio
async def test_price_is_known():
    assert "jam" in Prices().known()
