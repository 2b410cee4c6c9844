"""A helper makes all metrics: the line to change is the one that asks it for this metric."""

# name: shop_added_total
import pytest
from telemetry import SHARED, counter


class Cart:
    def __init__(self, owner):
        self.added = counter("added_total", "owner", registry=SHARED)  # LC501
        self.owner = owner

    async def add(self, item):
        self.added.labels(self.owner).inc()


@pytest.mark.asyncio
async def test_two_carts_are_counted_apart():
    ada, bob = Cart("ada"), Cart("bob")
    await ada.add("tea")
    await bob.add("milk")
