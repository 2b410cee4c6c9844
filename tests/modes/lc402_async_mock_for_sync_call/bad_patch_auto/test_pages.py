"""An AsyncMock stands in for a plain method, and the coroutine goes into JSON."""

from unittest.mock import AsyncMock, patch

from pages import settings


# name: pages.flags.enabled
async def test_settings():
    with patch("pages.flags.enabled", AsyncMock(return_value=True)):  # LC402
        assert await settings("ada") == '{"user": "ada", "dark": true}'
