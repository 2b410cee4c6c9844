"""anyio's plugin runs beside pytest-asyncio: the marked test is anyio's, and the fixture too."""

# name: test_unmarked
import pytest


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def numbers():
    yield [1, 2]


@pytest.mark.anyio
async def test_numbers(numbers):
    assert numbers == [1, 2]


async def test_unmarked(numbers):  # LC303
    assert sum(numbers) == 3
