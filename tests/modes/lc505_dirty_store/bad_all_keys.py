"""A list of all keys, in a store that nobody emptied; the client is a module's."""

import os

import pytest
import redis

store = redis.Redis.from_url(os.environ["VALKEY_URL"], decode_responses=True)  # LC505


@pytest.fixture
def basket():
    yield store


def test_fill(basket):
    basket.hset("basket:ada", "apples", 3)
    basket.rpush("log", "fill")
    assert basket.hget("basket:ada", "apples") == "3"


# name: basket | store
def test_nothing_yet(basket):
    keys = sorted(basket.keys("*"))
    assert keys == []
