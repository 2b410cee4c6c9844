"""The clock is stopped for two lines only, and the wait comes after them."""

import asyncio
import time
from unittest.mock import patch

import pytest


def stamp():
    return time.monotonic()


@pytest.mark.asyncio
async def test_stamp():
    with patch("time.monotonic", return_value=4.0):
        stamped = stamp()
    await asyncio.sleep(0.01)
    assert stamped == 4.0
