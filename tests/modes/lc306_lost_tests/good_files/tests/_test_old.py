def test_old():
    assert 1 == 2
