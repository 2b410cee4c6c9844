"""A call stands where its result is wanted: the line fails at once, often inside of a library."""

# name: fetch | Shelf.read | fetch_price
# findings: 17
import functools
import json
import logging
import operator
import re

import pytest

pytestmark = pytest.mark.asyncio


async def fetch():
    return "tea"


class Shelf:
    async def read(self, article):
        return [article]


async def fetch_price():
    return {"price": 3}


class ShopError(Exception):
    pass


async def test_json():
    assert json.dumps(fetch()) == '"tea"'  # LC202


async def test_a_pattern():
    assert re.match("tea", fetch())  # LC202


async def test_joined():
    said = [fetch() for _ in range(2)]  # LC202
    assert ", ".join(said) == "tea, tea"


async def test_a_part():
    shelf = Shelf()
    assert shelf.read("tea")[0] == "tea"  # LC202


async def test_contained():
    assert "tea" in Shelf().read("tea")  # LC202


async def test_added():
    assert operator.add("a ", fetch()) == "a tea"  # LC202


async def test_iterated():
    shelf = Shelf()
    for article in shelf.read("tea"):  # LC202
        assert article == "tea"


async def test_entered():
    async with fetch() as article:  # LC202
        assert article == "tea"


async def test_iterated_asynchronously():
    assert [one async for one in Shelf().read("tea")] == ["tea"]  # LC202


async def test_a_list_is_compared():
    said = [fetch() for _ in range(2)]  # LC202
    assert said == ["tea", "tea"]


async def test_a_name_is_compared():
    said = fetch()  # LC202
    assert said == "tea"


async def test_it_is_true():
    empty = Shelf().read("tea")  # LC202
    assert not empty


async def test_in_a_dict():
    assert {"drink": fetch()} == {"drink": "tea"}  # LC202


async def test_through_a_lambda():
    read = lambda: fetch()  # noqa: E731
    assert read().upper() == "TEA"  # LC202


async def test_through_a_partial():
    read = functools.partial(fetch_price)
    assert read()["price"] == 3  # LC202


async def test_in_other_words():
    try:
        price = fetch_price()["price"]  # LC202
    except TypeError:
        raise ShopError("no price")
    assert price == 3


def count(rows):
    try:
        return len(rows)
    except TypeError:
        logging.exception("no rows")
        return 0


async def test_only_the_log_tells():
    rows = Shelf().read("tea")  # LC202
    assert count(rows) == 1
