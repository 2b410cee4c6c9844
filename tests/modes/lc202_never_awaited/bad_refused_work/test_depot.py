"""A closed depot refuses what it gets, and drops the coroutine."""

# name: fill
import asyncio

import pytest
from depot.loading import Depot, DepotClosed


async def fill(crates):
    await asyncio.sleep(0)
    return crates


@pytest.mark.asyncio
async def test_a_closed_depot_refuses():
    depot = Depot()
    depot.open = False
    with pytest.raises(DepotClosed):
        await depot.load("north", fill(3))
    assert depot.loads == []
