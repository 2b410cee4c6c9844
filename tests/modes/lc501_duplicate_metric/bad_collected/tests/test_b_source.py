from src.shop.checkout import pay  # LC501


async def test_nothing_is_paid():
    assert await pay(0) == 0
