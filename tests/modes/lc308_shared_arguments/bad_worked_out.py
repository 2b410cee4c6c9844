"""What is asserted is worked out from a parameter, which the test before has taken a key from."""

import pytest

ORDER = {"items": [10, 5], "coupon": 5}  # LC308


async def place(order):
    coupon = order.pop("coupon", 0)
    return sum(order["items"]) - coupon


# name: ORDER
@pytest.mark.asyncio
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("order", [ORDER])
async def test_the_coupon_counts(order, times):
    total = await place(order)
    assert total == 10
