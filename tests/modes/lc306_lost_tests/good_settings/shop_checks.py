"""Here only what begins with `check_` is a test."""


class TestShop:
    def __init__(self):
        self.open = True

    def check_open(self):
        assert self.open


class UserTests:
    def test_user(self):
        assert 1 == 2


class ChecksOfUsers:
    def test_user(self):
        assert 1 == 2

    def test_user(self):
        assert 1 == 2

    def check_user(self):
        assert "ada"


def check_sum():
    def test_inner():
        assert 1 == 2

    assert 1 + 1 == 2
