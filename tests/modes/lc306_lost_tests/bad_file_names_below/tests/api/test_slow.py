async def test_slow(token):
    assert token
