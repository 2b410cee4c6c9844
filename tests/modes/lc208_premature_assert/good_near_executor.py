"""What a thread has written when it is awaited stays as it is: a plain failure."""

import asyncio

import pytest


class Reporter:
    def __init__(self):
        self.sent = []

    async def report(self, number):
        await asyncio.get_running_loop().run_in_executor(None, self.sent.append, number)


@pytest.mark.asyncio
async def test_report():
    reporter = Reporter()
    await reporter.report(7)
    assert reporter.sent == [8]
