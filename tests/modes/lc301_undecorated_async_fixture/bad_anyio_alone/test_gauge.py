"""anyio's plugin is alone, and runs no async fixture for a test that is not async."""

# name: gauge
import pytest


@pytest.fixture
async def gauge():  # LC301
    return [1.2, 3.4]


@pytest.mark.anyio
async def test_readings(gauge):
    assert len(gauge) == 2


def test_highest(gauge):
    assert max(gauge) == 3.4
