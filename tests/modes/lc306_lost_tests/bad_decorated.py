"""A decorator of the project's own does not save the first one: nobody holds it any more."""

# name: test_order
import functools

import pytest


def traced(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper


@pytest.mark.asyncio
@traced
async def test_order():  # LC306
    assert "butter" in "bread"


@pytest.mark.asyncio
@traced
async def test_order():  # noqa: F811
    assert "bread" in "breadcrumbs"
