# name: test-health.py
async def test_health(token):  # LC306
    assert token == "t"
