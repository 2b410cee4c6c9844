"""A default keeps the function, but the test gives another one, or does not depend on it."""

from unittest.mock import AsyncMock, patch

import pytest
import stock


@pytest.mark.asyncio
async def test_another_function_is_given():
    with patch("stock.count", AsyncMock(return_value=9)):
        assert await stock.report("tea", ask=stock.other) == "tea: 9"


@pytest.mark.asyncio
async def test_the_patch_is_met():
    with patch("stock.count", AsyncMock(return_value=9)):
        assert await stock.total("tea", "ink") == 17
