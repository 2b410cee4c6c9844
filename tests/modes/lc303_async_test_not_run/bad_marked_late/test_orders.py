"""The mark is the right one, and comes when all is collected: pytest-asyncio has looked by then."""

# name: test_order


async def test_order():  # LC303
    assert "bread" in "breadcrumbs"
