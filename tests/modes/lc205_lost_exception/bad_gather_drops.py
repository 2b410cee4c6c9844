"""`gather(return_exceptions=True)` has the error among its results, and the test drops them."""

import asyncio

import pytest

PRICES = {"tea": 3, "rye": 5}


class Till:
    def __init__(self):
        self.total = 0

    async def add(self, name):
        await asyncio.sleep(0)
        self.total += PRICES[name]


# name: Till.add
@pytest.mark.asyncio
async def test_total():
    till = Till()
    await asyncio.gather(till.add("tea"), till.add("rum"), return_exceptions=True)  # LC205
    assert till.total == 8
