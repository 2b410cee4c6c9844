"""A function that looks like a fixture, for two tests."""

# name: make_cart
import pytest


async def make_cart():  # LC305
    return ["apples"]


@pytest.mark.asyncio
async def test_cart(make_cart):
    assert make_cart == ["apples"]


def test_cart_again(make_cart):
    assert make_cart
