def test_disk():
    assert True
