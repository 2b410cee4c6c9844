"""A decorator that keeps no trace stands on the fixture; what it yields never comes."""

import pytest
import pytest_asyncio


def named(name):
    def around(function):
        def inner(*args, **kwargs):
            print(name)
            return function(*args, **kwargs)

        return inner

    return around


# name: cache
@pytest_asyncio.fixture
@named("cache")
async def cache():  # LC301
    yield {"bread": 1}


@pytest.mark.asyncio
async def test_get(cache):
    assert cache.get("bread") == 1
