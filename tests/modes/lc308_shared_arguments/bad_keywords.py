"""The code under test gets keywords, a copy, of a dict that an earlier test was handed whole."""

import pytest

ORDER = {"dish": "soup", "table": 3, "hurry": False}  # LC308
# name: ORDER


def serve(order):
    return f"{order.pop('dish')} for {order['table']}"


def cook(**order):
    return order["dish"]


@pytest.mark.asyncio
async def test_serve():
    assert serve(ORDER) == "soup for 3"


@pytest.mark.asyncio
async def test_cook():
    assert cook(**ORDER) == "soup"
