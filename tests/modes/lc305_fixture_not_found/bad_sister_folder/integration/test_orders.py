# name: db
async def test_orders(db):  # LC305
    assert db["orders"] == []
