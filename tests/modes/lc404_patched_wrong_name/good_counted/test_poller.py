"""The setting is patched where it is read; the count that is expected is wrong."""

from unittest.mock import AsyncMock, patch

import pytest
from jobs.poller import GaveUp, poll


@pytest.mark.asyncio
async def test_it_gives_up_after_two():
    check = AsyncMock(return_value=False)
    with patch("jobs.poller.ATTEMPTS", 2), pytest.raises(GaveUp):
        await poll(check)
    assert check.await_count == 3
