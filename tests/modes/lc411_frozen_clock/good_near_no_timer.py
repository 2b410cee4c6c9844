"""The clock is stopped, and nothing in the test waits for a timer."""

import asyncio
import time

import pytest


@pytest.fixture
def stopped(monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)


@pytest.mark.asyncio
async def test_tasks_run(stopped):
    queue = asyncio.Queue()
    waiting = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.put_nowait(1)
    assert await waiting == 1


@pytest.mark.asyncio
async def test_it_fails_by_itself(stopped):
    await asyncio.sleep(0)
    assert time.monotonic() == 101
