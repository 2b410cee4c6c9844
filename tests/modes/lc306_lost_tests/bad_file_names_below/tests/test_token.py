async def test_token(token):
    assert token == "t"
