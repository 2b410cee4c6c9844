def test_connection(url="x"):
    assert url
    return True
