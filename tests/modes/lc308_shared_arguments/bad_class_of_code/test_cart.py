"""A dict of the class under test: each cart of each test has the same one."""

import pytest
from cart import Cart

pytestmark = pytest.mark.asyncio


# name: Cart.items
async def test_bread():
    assert await Cart().add("bread") == {"bread": 1}


async def test_milk():
    assert await Cart().add("milk") == {"milk": 1}
