"""The decorator keeps the name, and is not async: pytest-asyncio sees a plain function."""

# name: test_order
import functools

import pytest


def traced(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):  # LC303
        return function(*args, **kwargs)

    return wrapper


@pytest.mark.asyncio
@traced
async def test_order():
    assert "bread" in "breadcrumbs"
