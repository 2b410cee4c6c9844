"""Synchronous tests go over a bridge: no async code is there that could ask for its loop."""

# name: event_loop
import asyncio

import pytest


@pytest.fixture
def run(event_loop):  # LC302
    return event_loop.run_until_complete


def test_grind(run):
    assert run(asyncio.sleep(0, 98.0)) == 98.0
