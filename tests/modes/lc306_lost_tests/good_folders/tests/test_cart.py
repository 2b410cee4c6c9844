async def test_cart():
    assert not []
