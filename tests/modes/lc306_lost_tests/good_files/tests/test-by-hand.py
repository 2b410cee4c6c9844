def test_by_hand():
    assert 1 == 2


if __name__ == "__main__":
    test_by_hand()
