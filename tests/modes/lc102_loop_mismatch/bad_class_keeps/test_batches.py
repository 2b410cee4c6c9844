"""The class of the project looks up a loop once: a thread's own loop can't wait for it."""

# name: batches.waiting[0][1] | future | batches
import asyncio

import pytest
from batches import Batches


@pytest.mark.asyncio
async def test_prices_in_a_thread():
    batches = Batches({"tea": 3}.get)

    async def price():
        return await batches.get("tea")

    assert await asyncio.to_thread(asyncio.run, price()) == 3
