"""An asyncio future as the result of a thread: it can't be waited for like one."""

# name: report.ThreadPoolExecutor

import asyncio

import pytest
import report


class Pool:
    def __init__(self, size):
        self.size = size

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def submit(self, call):
        future = asyncio.get_running_loop().create_future()
        future.set_result(call())
        return future


@pytest.mark.asyncio
async def test_run(monkeypatch):
    monkeypatch.setattr(report, "ThreadPoolExecutor", Pool)  # LC406
    assert report.run() == "report"
