"""Fixtures of a class that others inherit, and a method that only looks like a fixture."""

import pytest


class Fixtures:
    @pytest.fixture
    def account(self):
        return {"name": "ann"}

    def fixture(self):
        return self.account


class TestAccount(Fixtures):
    def test_account(self, account):
        assert account["name"] == "bob"
