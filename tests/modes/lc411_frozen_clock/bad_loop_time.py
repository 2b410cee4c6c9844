"""The clock of the loop itself is replaced, to see what is scheduled for when."""

# options: --loopcheck-hang=1
# name: loop.time

import asyncio
from unittest.mock import MagicMock

import pytest


@pytest.mark.asyncio
async def test_reminder(monkeypatch):
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "time", MagicMock(return_value=10.0))  # LC411
    reminded = loop.create_future()
    timer = loop.call_later(0.02, reminded.set_result, "tea")
    assert timer.when() == 10.02
    assert await reminded == "tea"
