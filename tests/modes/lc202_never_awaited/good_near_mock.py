"""A double that nobody awaits is another fault."""

from unittest.mock import AsyncMock

import pytest


@pytest.mark.asyncio
async def test_send():
    mailer = AsyncMock()
    mailer.send("hello")
    mailer.send.assert_called_once()
