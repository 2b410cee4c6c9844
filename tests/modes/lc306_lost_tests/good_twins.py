"""Definitions of one name that hide nothing: alternatives, overloads, setters, aliases."""

import sys
from functools import singledispatch
from typing import overload

import pytest

CASES = []


def case(function):
    CASES.append(function)
    return function


if sys.platform == "win32":

    def test_path():
        assert "\\" in "C:\\"
else:

    def test_path():
        assert "/" in "/home"


try:
    import module_that_is_not_there  # noqa: F401

    def test_fast():
        assert True
except ImportError:

    def test_fast():
        assert sys.version_info


@overload
def test_total(price: int = 1) -> None: ...
@overload
def test_total(price: str = "1") -> None: ...
def test_total(price=1):
    assert int(price) == 1


@case
def test_case():
    assert True


@case
def test_case():
    assert True


def test_first():
    assert True


test_alias = test_first


def test_first():
    assert True


@singledispatch
def test_kind(value=1):
    assert value


@test_kind.register
def test_kind_of_text(value: str = "a"):
    assert value


@pytest.fixture
def test_client():
    return "old"


@pytest.fixture
def test_client():
    return "client"


@pytest.mark.skip(reason="the old way")
def test_order():
    assert False


def test_order(test_client):
    assert test_client == "client"


class TestShop:
    @property
    def test_name(self):
        return self._name

    @test_name.setter
    def test_name(self, value):
        self._name = value

    def test_open(self):
        self.test_name = "shop"
        assert self.test_name == "shop"


class TestStore:
    def test_get(self):
        assert True


class TestStore(TestStore):
    def test_put(self):
        assert True
