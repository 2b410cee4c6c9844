"""The table keeps the function, and the code called another one of it: the test is wrong."""

from unittest.mock import AsyncMock, patch

import pytest
import till


@pytest.mark.asyncio
async def test_a_seat_is_sold():
    with patch("bank.charge", AsyncMock(return_value="sent")) as charge:
        assert await till.sell("Ada", 1) == "sent"
    with pytest.raises(AssertionError):
        charge.assert_awaited_once_with("Ada", 10)
    assert charge.await_count == 1
