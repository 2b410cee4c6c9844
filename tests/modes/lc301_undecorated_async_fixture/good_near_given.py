"""A plain fixture gives an async generator, as it is meant to: its tests are to iterate over it."""

import functools

import pytest
import pytest_asyncio


def traced(function):
    @functools.wraps(function)
    async def inner(*args, **kwargs):
        return await function(*args, **kwargs)

    return inner


async def find():
    yield {"bread": 1}
    yield {"tea": 2}


@pytest.fixture
def answer():
    return find()


@pytest_asyncio.fixture
@traced
async def stock():
    return 1


@pytest.mark.asyncio
async def test_get(answer, stock):
    assert answer.get("bread") == stock
