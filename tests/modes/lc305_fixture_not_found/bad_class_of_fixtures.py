"""Fixtures were put into a class to be kept together: pytest gives them to its tests alone."""

# name: account
import pytest


class Fixtures:
    @pytest.fixture
    def account(self):
        return {"name": "ann"}


def test_account(account):  # LC305
    assert account["name"] == "ann"
