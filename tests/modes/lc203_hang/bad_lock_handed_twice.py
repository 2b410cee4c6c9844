"""A fixture creates the lock; a helper passes it on to a constructor, which is inherited."""

# name: shop.gateway._lock
import asyncio

import pytest


class Gateway:
    def __init__(self, lock):
        self._lock = lock

    async def charge(self):
        async with self._lock:  # LC203
            return 1


class LoudGateway(Gateway):
    pass


class Shop:
    def __init__(self, gateway):
        self.gateway = gateway


def build(gate):
    return Shop(LoudGateway(gate))


@pytest.fixture
def shop():
    return build(asyncio.Lock())


@pytest.mark.asyncio
async def test_charge(shop):
    await shop.gateway._lock.acquire()
    await asyncio.wait_for(shop.gateway.charge(), 0.2)
