"""The factory's loop starts children; the tool fails for a reason of its own."""

import asyncio
import sys

import pytest


@pytest.mark.asyncio
async def test_version():
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "raise SystemExit(2)")
    assert await child.wait() == 0
