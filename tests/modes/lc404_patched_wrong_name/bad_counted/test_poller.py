"""How often a double was asked shows that a setting never reached who reads it."""

# name: jobs.poller.ATTEMPTS

from unittest.mock import AsyncMock, patch

import pytest
from jobs import settings
from jobs.poller import GaveUp, poll


@pytest.mark.asyncio
async def test_it_gives_up_after_two():
    check = AsyncMock(return_value=False)
    with patch.object(settings, "ATTEMPTS", 2), pytest.raises(GaveUp):  # LC404
        await poll(check)
    assert check.await_count == 2
