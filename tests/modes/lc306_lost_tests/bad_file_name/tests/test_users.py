async def test_name():
    assert "ada"
