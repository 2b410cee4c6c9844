"""`@patch` hands the mock over; nobody's line made it."""

import json
from unittest.mock import MagicMock, patch

import pytest


async def load(path):
    text = await json.loads(path)
    return text


# name: loads | json.loads
@pytest.mark.asyncio
@patch("json.dumps")
@patch("json.loads", new_callable=MagicMock)  # LC401
async def test_load(loads, dumps):
    loads.return_value = "text"
    assert await load("a.json") == "text"
