"""A double takes the `close` of something else: the client's own was never called."""

# name: http
from unittest.mock import AsyncMock, patch

import aiohttp
import pytest


class Log:
    async def close(self): ...


@pytest.mark.asyncio
async def test_the_log_is_closed():
    http, log = aiohttp.ClientSession(), Log()  # LC307
    with patch.object(Log, "close", new=AsyncMock()) as close:
        await log.close()
    close.assert_awaited_once()
    assert not http.closed
