"""The default of an argument keeps the function."""

# name: shop.is_open

from unittest.mock import AsyncMock, patch

import pytest
import shop


@pytest.mark.asyncio
async def test_noon():
    with patch("clock.now", AsyncMock(return_value=12)) as now:  # LC404
        assert await shop.is_open()
    now.assert_awaited_once()
