"""The override's loop was told to call somebody, and stands still. Two statements on one line."""

# name: event_loop
import asyncio

import pytest


@pytest.mark.asyncio
async def test_it_ticks(timer):
    await asyncio.sleep(0.03); assert timer["ticks"] > 2  # fmt: skip  # noqa: E702
