"""What is asserted about is written by a thread, in a while."""

import asyncio
import time

import pytest


class Reporter:
    def __init__(self):
        self.sent = []

    async def report(self, number):
        asyncio.get_running_loop().run_in_executor(None, self._send, number)

    def _send(self, number):
        time.sleep(0.02)
        self.sent.append(number)


# name: reporter.sent
@pytest.mark.asyncio
async def test_report():
    reporter = Reporter()
    await reporter.report(7)
    assert reporter.sent == [7]  # LC208
