"""One dict for two tests: what the first pops is not there for the second."""

# name: KWARGS
import pytest

pytestmark = pytest.mark.asyncio
KWARGS = {"key": "user:1", "limit": 3}  # LC308


async def allow(key, limit):
    return limit > 0


async def call(kwargs):
    key = kwargs.pop("key")
    return await allow(key, **kwargs)


@pytest.mark.parametrize("kwargs", [KWARGS])
async def test_first(kwargs):
    assert await call(kwargs)


@pytest.mark.parametrize("kwargs", [KWARGS])
async def test_second(kwargs):
    assert await call(kwargs)


async def test_third():
    assert await allow(**KWARGS)
