"""The folder and its parent are both on the path: the code and the patch import the file apart."""

# name: rates.fetch
from unittest.mock import AsyncMock, patch

import checkout
import pytest


@pytest.mark.asyncio
async def test_total():
    with patch("src.rates.fetch", AsyncMock(return_value=2)):  # LC404
        assert await checkout.total() == 4
