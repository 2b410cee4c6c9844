"""A mock that is handed in: asyncio wants the future of a thread from it."""

# name: executor

import asyncio
from unittest.mock import MagicMock

import pytest


class Vault:
    def __init__(self, executor):
        self.executor = executor

    async def seal(self, word):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.executor, len, word)


@pytest.mark.asyncio
async def test_seal():
    pool = MagicMock()  # LC406
    assert await Vault(pool).seal("abc") == 3
