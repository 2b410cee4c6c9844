"""An `s` too many."""

# name: tests_orders.py
import pytest


@pytest.fixture
def order():
    return {"bread": 1}


async def test_order(order):  # LC306
    assert order == {}


async def test_count(order):
    assert len(order) == 2
