"""Lookups that fail for reasons of their own, and the same words from a test."""

import pytest


@pytest.fixture
def stock():
    return {}["fixture 'stock' not found"]


@pytest.fixture
def again(again):
    return again


def test_stock(stock):
    pass


def test_asks_for_itself(again):
    pass


def test_words():
    raise LookupError("fixture 'db' not found")


def test_caught(request):
    with pytest.raises(pytest.FixtureLookupError):
        request.getfixturevalue("nothing_of_that_name")


@pytest.fixture
def chosen(request):
    try:
        return request.getfixturevalue("nothing_of_that_name")
    except pytest.FixtureLookupError:
        return {}["tea"]


def test_another_error_came_after_it(chosen):
    pass
