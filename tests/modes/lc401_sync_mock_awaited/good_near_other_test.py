"""A failed test keeps its mock alive: the failure of another test is not about that mock."""

from unittest.mock import MagicMock

import pytest

pytestmark = pytest.mark.asyncio


async def test_a_mock_is_refused():
    repo = MagicMock()
    with pytest.raises(TypeError):
        await repo.load("pen")
    raise LookupError("no pen")


async def test_a_total():
    prices = [2, 1]
    assert sum(prices) == 4
