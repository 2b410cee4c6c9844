"""Each test adds to what it is handed, as it is meant, and one of them fails of itself."""

import pytest

ORDER = {"items": [10, 5]}


async def place(order):
    order["state"] = "placed"
    return sum(order["items"])


@pytest.mark.asyncio
@pytest.mark.parametrize("total", [15, 16])
@pytest.mark.parametrize("order", [ORDER])
async def test_the_items_count(order, total):
    placed = await place(order)
    assert placed == total
