"""What the decorator made is dropped, and collected when all tests are over: still one fault."""

# name: test_order
from retry import retried


async def test_shop():
    assert True


class TestOrders:
    async def test_order(self):
        assert True


@retried(3)
async def test_order():
    assert "bread" in "breadcrumbs"
