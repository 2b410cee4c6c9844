"""The patched name is the right one. The code forgets that call, and another one is meant."""

from unittest.mock import AsyncMock, patch

import pytest
import till


@pytest.mark.asyncio
async def test_a_seat_is_sold():
    with patch("till.take", AsyncMock(return_value="done")) as charge:
        assert await till.sell("Ada", 1) == "done"
    charge.assert_awaited_once_with("Ada", 10)
