"""A thread is at work for longer than the report takes, and at something else: a plain failure."""

import asyncio
import time

import pytest


class Reporter:
    def __init__(self):
        self.sent, self.beats = [], 0

    def start(self):
        asyncio.get_running_loop().run_in_executor(None, self._beat)

    def _beat(self):
        for _ in range(30):
            time.sleep(0.01)
            self.beats += 1


@pytest.mark.asyncio
async def test_report():
    reporter = Reporter()
    reporter.start()
    assert reporter.sent == [8]
