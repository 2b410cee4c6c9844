"""What stands in for all methods starts the loop: no line says the coroutine's own name."""

# name: load
import pytest
import pytest_asyncio
from report import summary


@pytest_asyncio.fixture
async def counted():
    return summary("a")


@pytest.mark.asyncio
async def test_summary(counted):
    assert counted == 1
