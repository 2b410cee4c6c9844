"""The test itself calls the mock without `await`."""

# passes
# name: mailer.send

from unittest.mock import AsyncMock

import pytest


@pytest.mark.asyncio
async def test_send():
    mailer = AsyncMock()  # LC402
    mailer.send("hello")
    mailer.send.assert_called_once()
