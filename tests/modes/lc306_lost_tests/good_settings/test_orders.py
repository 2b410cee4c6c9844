def test_orders():
    assert 1 == 2
