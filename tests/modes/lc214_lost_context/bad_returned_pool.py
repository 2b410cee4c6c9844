"""Small parcels are weighed at once, the others in a thread of a pool: there no depot is set."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar

import pytest

depot = ContextVar("depot", default="main")


@contextmanager
def working_at(name):
    token = depot.set(name)
    try:
        yield
    finally:
        depot.reset(token)


def weigh(parcels):
    return {"depot": depot.get(), "grams": sum(parcels)}


class Scales:
    def __init__(self):
        self.pool = ThreadPoolExecutor(1)

    async def weigh(self, parcels):
        if len(parcels) < 3:
            return weigh(parcels)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, weigh, parcels)  # LC214


# name: depot
@pytest.mark.asyncio
async def test_a_delivery_is_weighed_at_its_depot():
    scales = Scales()
    with working_at("north"):
        one = await scales.weigh([20])
        delivery = await scales.weigh([20, 30, 50])
    scales.pool.shutdown()
    assert one == {"depot": "north", "grams": 20}
    assert delivery == {"depot": "north", "grams": 100}
