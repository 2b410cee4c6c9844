"""A parameter written in the decorator, with another one that makes two tests of it."""

# name: order
import pytest


async def send(order):
    order["sent"] = True
    return order.pop("id")


@pytest.mark.parametrize("retries", [0, 1])
@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("ada", {"id": 7, "lines": 2}),  # LC308
    ],
)
@pytest.mark.asyncio
async def test_send(name, order, retries):
    assert await send(order) == 7
