async def test_timer(timer):
    assert await timer == "tick"
