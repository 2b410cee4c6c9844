"""Each test has a deep copy; one of them fails over its own pop."""

from copy import deepcopy

import pytest

ORDER = {"name": "Ann", "address": {"street": "Main 1", "zip": "1010"}}


async def with_label(order):
    address = order["address"]
    code = address.pop("zip")
    return f"{code} {address['street']}"


@pytest.mark.asyncio
@pytest.mark.parametrize("times", [1, 2])
async def test_a_label(times):
    mine = deepcopy(ORDER)
    for _ in range(times):
        assert await with_label(mine) == "1010 Main 1"
