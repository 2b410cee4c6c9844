"""A mock that is handed in without a name: asyncio wants the future of a thread from it."""

# name: executor

import asyncio
from unittest.mock import MagicMock

import pytest


async def lengths(pool, words):
    loop = asyncio.get_running_loop()
    return [await loop.run_in_executor(pool, len, word) for word in words]


@pytest.mark.asyncio
async def test_lengths():
    assert await lengths(MagicMock(), ["abc"]) == [3]  # LC406
