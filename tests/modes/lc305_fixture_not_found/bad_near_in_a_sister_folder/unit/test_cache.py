# name: redis_clinet
def test_cache(redis_clinet):  # LC305
    assert redis_clinet == {}
