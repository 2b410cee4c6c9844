"""A library writes to a file whose block is over."""

# name: out
import asyncio
import json

import pytest


async def orders():
    await asyncio.sleep(0)
    return {"tea": 2}


@pytest.mark.asyncio
async def test_orders_are_kept(tmp_path):
    path = tmp_path / "orders.json"
    with path.open("w") as out:  # LC604
        found = await orders()
    json.dump(found, out)
    assert path.read_text()
