"""Bases and mixins: their tests run in those who inherit from them, here or in another file."""

import pytest


class StoreContract:
    def test_put(self, store):
        store["a"] = 1
        assert store["a"] == 1


class ReadContract:
    def test_get(self, store):
        assert store.get("a") is None


class AbstractSuite:
    async def test_nothing(self):
        assert self.made

    class Inner:
        def test_inner(self):
            assert True


def suite(cls):
    return type(f"Test{cls.__name__}", (cls,), {"made": True})


class Late:
    def test_late(self):
        assert self.made


TestMade = suite(Late)


class TestDict(StoreContract):
    @pytest.fixture
    def store(self):
        return {}


class TestAbstract:
    __test__ = False

    def test_more(self):
        assert self.made


class Disabled:
    __test__ = False

    def test_disabled(self):
        assert 1 == 2


class _Old:
    def test_old(self):
        assert 1 == 2
