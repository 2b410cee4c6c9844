def test_of_the_conftest():
    assert 1 == 2
