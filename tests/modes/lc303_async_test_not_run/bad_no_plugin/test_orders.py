"""All is marked, and pytest-asyncio is not there: one fault, however many tests show it."""

# name: pytest-asyncio
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def test_order():  # LC303
    await asyncio.sleep(0)


async def test_bread():
    await asyncio.sleep(0)


class TestShop:
    @pytest.mark.parametrize("price", [1, 2])
    async def test_price(self, price):
        assert price < 3
