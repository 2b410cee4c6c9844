def test_store(redis_client):
    assert redis_client == {}
