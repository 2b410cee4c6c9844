"""Made anew for each test; the code under test takes a copy."""

import pytest

pytestmark = pytest.mark.asyncio


async def allow(key, limit):
    return limit > 0


async def call(kwargs):
    kwargs = dict(kwargs)
    key = kwargs.pop("key")
    return await allow(key, **kwargs)


@pytest.fixture
def kwargs():
    return {"key": "user:1", "limit": 3}


async def test_first(kwargs):
    assert await call(kwargs)


async def test_second(kwargs):
    assert await call(kwargs)
    assert kwargs == {"key": "user:1", "limit": 3}
