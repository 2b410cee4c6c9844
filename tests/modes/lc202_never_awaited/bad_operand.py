"""A call stands where its result is wanted: the line fails at once, often inside of a library."""

# name: fetch | Shelf.read
# findings: 13
import json
import operator
import re

import pytest

pytestmark = pytest.mark.asyncio


async def fetch():
    return "tea"


class Shelf:
    async def read(self, article):
        return [article]


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
