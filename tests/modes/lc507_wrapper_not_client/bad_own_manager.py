"""A service gets what its factory returns: the context manager, and not the device inside."""

# name: self._scale

from contextlib import asynccontextmanager

import pytest


class Scale:
    async def weigh(self, fruit):
        return len(fruit)


@asynccontextmanager
async def open_scale():
    yield Scale()


class Till:
    def __init__(self, scale):
        self._scale = scale

    async def price(self, fruit):
        return 2 * await self._scale.weigh(fruit)


def build_till(factory=open_scale):
    return Till(scale=factory())  # LC507


@pytest.fixture
def till():
    return build_till()


@pytest.mark.asyncio
async def test_price(till):
    assert await till.price("plum") == 8
