"""The policy counts here; one test fails for a reason of its own."""

import asyncio

import pytest


@pytest.mark.asyncio
async def test_runs_on_quick():
    assert type(asyncio.get_running_loop()).__name__ == "Quick"


@pytest.mark.asyncio
async def test_plain_failure():
    assert asyncio.get_running_loop().time() < 0
