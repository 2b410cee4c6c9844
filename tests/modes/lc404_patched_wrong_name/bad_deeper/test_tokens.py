"""The line that looks the name up is said: calls below the test, and in no traceback."""

# name: acct.tokens.utcnow | acct.legacy.utcnow
# findings: 3

from datetime import datetime
from unittest.mock import AsyncMock, patch

import pytest
from acct import sessions
from acct.tokens import Tokens

pytestmark = pytest.mark.asyncio


@patch("acct.clock.utcnow", return_value=datetime(2020, 1, 1))  # LC404
async def test_issue(now):
    assert (await Tokens(AsyncMock()).issue("u")).year == 2020


@patch("acct.clock.utcnow")  # LC404
async def test_called(now):
    now.return_value = datetime(2020, 1, 1)
    await Tokens(AsyncMock()).issue("u")
    now.assert_called_once()


async def test_through_a_module(monkeypatch):
    monkeypatch.setattr("acct.clock.utcnow", lambda: datetime(2020, 1, 1))  # LC404
    assert await sessions.begin("u") == {"user": "u", "year": 2020}
