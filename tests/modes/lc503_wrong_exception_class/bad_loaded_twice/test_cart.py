"""One file, loaded by two names, makes two classes: what is raised is not what is awaited."""

# name: SoldOut
import pytest
from errors import SoldOut  # LC503
from shop.cart import add


async def test_nothing_is_left():
    with pytest.raises(SoldOut):
        await add("tea", stock=0)
