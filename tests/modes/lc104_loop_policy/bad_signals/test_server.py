"""Signals, on a loop of Windows."""

import asyncio
import signal

import pytest


@pytest.fixture
async def stopped():
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, event.set)  # LC104
    yield event
    loop.remove_signal_handler(signal.SIGTERM)


# name: loop.add_signal_handler
async def test_runs(stopped):
    assert not stopped.is_set()
