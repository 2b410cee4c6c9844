"""A double stands in for what would have awaited it."""

# name: Reader.read
import asyncio
import gc
from unittest.mock import patch

import pytest


class Reader:
    async def read(self):
        return b"tea"

    async def next(self):
        try:
            return await asyncio.wait_for(self.read(), 1)  # LC202
        except asyncio.TimeoutError:
            return None


@pytest.mark.asyncio
async def test_a_slow_reader():
    with patch("asyncio.wait_for", side_effect=asyncio.TimeoutError):
        assert await Reader().next() is None
    gc.collect()
