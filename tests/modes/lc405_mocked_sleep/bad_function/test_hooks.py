"""A plain function stands there for all; the retrier sleeps by a method of its own; auto mode."""

# options: --loopcheck-hang=0.3
# name: asyncio.sleep

import asyncio

import pytest
from hooks import Retrier


async def at_once(seconds):
    return None


async def test_gives_up_in_time(monkeypatch):
    monkeypatch.setattr(asyncio, "sleep", at_once)  # LC405

    async def refuses():
        return False

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(Retrier().deliver(refuses), 0.2)
