"""A table keeps the function, and nothing that the test calls reads the table."""

from unittest.mock import AsyncMock, patch

import pytest
import till


@pytest.mark.asyncio
async def test_a_price():
    with patch("bank.charge", AsyncMock(return_value="done")) as charge:
        assert await till.price(1) == 10
    charge.assert_awaited_once_with("Ada", 10)
