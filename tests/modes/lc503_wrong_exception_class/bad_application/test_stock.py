"""The handler stands in the application; the test waits for what it would have made of it."""

# name: ConnectionError
import asyncio

import pytest
from shop.stock import Unavailable, level


@pytest.mark.asyncio
async def test_a_closed_warehouse():
    with pytest.raises(Unavailable):
        await asyncio.to_thread(level, "http://127.0.0.1:1/stock")
