async def test_db(db):
    assert db["orders"] == []
