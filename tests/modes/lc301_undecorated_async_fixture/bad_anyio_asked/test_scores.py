"""No mark makes the other test anyio's: it asks for the backend itself, and is not async."""

# name: scores
import pytest


@pytest.fixture
async def scores():  # LC301
    return [3, 5]


def test_highest(anyio_backend, scores):
    assert max(scores) == 5


async def test_lowest(scores):
    assert min(scores) == 3
