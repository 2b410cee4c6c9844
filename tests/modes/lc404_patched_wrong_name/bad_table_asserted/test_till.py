"""A table keeps the function, the real one runs, and only the mock can tell."""

# name: till.WAYS

from unittest.mock import AsyncMock, patch

import pytest
import till


@pytest.mark.asyncio
async def test_a_seat_is_sold():
    with patch("bank.charge", AsyncMock(return_value="done")) as charge:  # LC404
        assert await till.sell("Ada", 1) == "done"
    charge.assert_awaited_once_with("Ada", 10)
