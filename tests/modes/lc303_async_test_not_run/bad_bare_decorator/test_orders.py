"""Auto mode does not help: what the decorator made is not async, and hides whose it is."""

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
