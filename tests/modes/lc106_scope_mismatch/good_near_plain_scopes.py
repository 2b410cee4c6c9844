"""A ScopeMismatch of two plain fixtures: no loop has part in it, and pytest names both."""

import pytest


@pytest.fixture
def price():
    return 3


@pytest.fixture(scope="module")
def prices(price):
    return [price]


def test_prices(prices):
    assert prices == [3]
