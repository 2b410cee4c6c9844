"""A depot that is closed closes what it refuses."""

# other: LC202
import asyncio

import pytest


class Depot:
    def __init__(self):
        self.open = False

    async def load(self, work):
        if not self.open:
            work.close()
            raise RuntimeError("closed")
        return await asyncio.create_task(work)


async def fill():
    return 3


@pytest.mark.asyncio
async def test_a_closed_depot_refuses():
    with pytest.raises(RuntimeError):
        await Depot().load(fill())
