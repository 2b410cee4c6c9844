def test_load():
    assert 1 == 2
