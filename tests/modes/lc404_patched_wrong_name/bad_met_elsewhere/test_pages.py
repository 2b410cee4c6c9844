"""One of the waits meets the double, the others have the original under a name of their own."""

# name: reports.pages.sleep

from unittest.mock import AsyncMock, patch

import pytest
from reports.pages import make


@patch("asyncio.sleep", new_callable=AsyncMock)
@pytest.mark.asyncio
async def test_it_waits_after_each_page(sleep):
    assert await make(2) == [0, 1]
    assert sleep.await_count == 3
