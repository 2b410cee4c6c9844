"""anyio's plugin runs async fixtures for tests of its own, not for others."""

# name: choir
import pytest


@pytest.fixture
async def choir():  # LC301
    return ["ada", "emmy"]


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.anyio
async def test_of_anyio(choir):
    assert len(choir) == 2


@pytest.mark.asyncio
async def test_of_pytest_asyncio(choir):
    assert len(choir) == 2
