def test_shared():
    assert True
