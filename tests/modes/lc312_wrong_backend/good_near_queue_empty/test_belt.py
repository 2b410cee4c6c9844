"""A queue of asyncio's works without a loop as long as nothing waits: it is empty."""

import asyncio

import pytest


@pytest.mark.trio
async def test_box():
    boxes = asyncio.Queue()
    assert boxes.get_nowait() == "red"
