"""The wall clock is stopped, which no timer of the loop reads."""

import asyncio
import datetime
import time
from unittest.mock import patch

import pytest


@pytest.mark.asyncio
async def test_sleeps_on():
    with patch("time.time", return_value=0.0):
        await asyncio.sleep(0.01)
        assert datetime.datetime.fromtimestamp(time.time(), datetime.UTC).year == 1970


@pytest.mark.asyncio
async def test_a_limit_fires():
    with patch("time.time", return_value=0.0), pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 0.01)
