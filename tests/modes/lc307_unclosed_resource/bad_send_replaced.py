"""A double takes what the session sends: that closes nothing, and neither does anything else."""

# name: http
from unittest.mock import AsyncMock

import aiohttp
import pytest


@pytest.mark.asyncio
async def test_a_letter_is_sent():
    http = aiohttp.ClientSession()  # LC307
    http._send = AsyncMock(return_value="sent")
    assert await http._send("to Ada") == "sent"
