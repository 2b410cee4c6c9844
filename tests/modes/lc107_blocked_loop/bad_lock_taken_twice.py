"""A task awaits a method in the block of a lock of threads, and the method takes the same lock."""

# options: --loopcheck-hang=1
# name: self.guard
import asyncio
import threading

import pytest


class Ledger:
    def __init__(self):
        self.guard, self.rows = threading.Lock(), []

    async def record(self, row):
        with self.guard:  # LC107
            await asyncio.sleep(0)
            await self.trim()
            self.rows.append(row)

    async def trim(self):
        with self.guard:
            del self.rows[:-9]


@pytest.mark.asyncio
async def test_a_row_is_recorded():
    ledger = Ledger()
    await ledger.record("rent")
    assert ledger.rows == ["rent"]
