"""The test holds a thread's lock while it waits for a thread that needs the lock."""

# options: --loopcheck-hang=1
# name: to_thread | ledger.add

import asyncio
import threading

import pytest


class Ledger:
    def __init__(self):
        self.lock = threading.Lock()
        self.rows = []

    def add(self, row):
        with self.lock:  # LC203
            self.rows.append(row)


@pytest.mark.asyncio
async def test_two_rows():
    ledger = Ledger()
    with ledger.lock:
        await asyncio.to_thread(ledger.add, 1)
    assert ledger.rows == [1]
