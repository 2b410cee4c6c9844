"""An async property, and a factory in `async with`: no plain call to put `await` before."""

# findings: 2
# name: Basket.total | Basket.open
import pytest


class Basket:
    @property
    async def total(self):
        return 3

    async def open(self):
        return self

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        pass


@pytest.mark.asyncio
async def test_total():
    assert Basket().total > 2  # LC202


@pytest.mark.asyncio
async def test_open():
    basket = Basket()
    async with basket.open():  # LC202
        pass
