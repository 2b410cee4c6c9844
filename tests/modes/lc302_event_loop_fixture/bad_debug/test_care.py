"""The override turns debug mode on, for a loop that no test runs on."""

# name: event_loop
import asyncio

import pytest


@pytest.mark.asyncio
async def test_slow_steps_are_told():
    loop = asyncio.get_running_loop()
    assert loop.get_debug() is True


@pytest.mark.asyncio
async def test_debug():
    debug = asyncio.get_running_loop().get_debug()
    assert debug
