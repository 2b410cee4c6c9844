"""A mock that was never called, and a task that is about something else."""

import asyncio
from unittest.mock import AsyncMock, Mock

import pytest


async def tell(post, text):
    await asyncio.sleep(0.1)
    await post(text)


@pytest.mark.asyncio
async def test_another_mock():
    post, log = AsyncMock(), Mock()
    task = asyncio.create_task(tell(post, "plum"))
    await asyncio.sleep(0)
    try:
        assert log.call_args.args == ("plum",)
    finally:
        await task


def test_no_task():
    assert Mock().call_args[0] == ("plum",)
