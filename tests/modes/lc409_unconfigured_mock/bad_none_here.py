"""The answer of a double, which is None, is read where it is awaited."""

from unittest.mock import AsyncMock

import pytest


@pytest.fixture
def repo():
    return AsyncMock(find=AsyncMock(return_value=None))  # LC409


# name: repo.find
@pytest.mark.asyncio
async def test_name(repo):
    assert (await repo.find(7))["name"] == "ADA"
