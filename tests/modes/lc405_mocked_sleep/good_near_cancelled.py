"""Workers that a test cancels beside a mocked sleep; something else is why its assertion fails."""

import asyncio
from contextlib import asynccontextmanager
from unittest.mock import AsyncMock, patch

import pytest

pytestmark = pytest.mark.asyncio
real = asyncio.sleep


class Poller:
    def __init__(self, gauge):
        self.gauge, self.levels, self.name, self.begun = gauge, [], "", asyncio.Event()

    async def run(self):
        self.begun.set()
        while len(self.levels) < 3:
            self.levels.append(await self.gauge())
            await asyncio.sleep(30)


@asynccontextmanager
async def running(poller):
    task = asyncio.create_task(poller.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_loop_had_a_turn():
    poller = Poller(AsyncMock(return_value=50))
    with patch("asyncio.sleep", AsyncMock()):
        async with running(poller):
            await asyncio.sleep(0.05)
            await real(0.01)
    assert len(poller.levels) > 3


async def test_the_test_waits_for_the_worker():
    poller = Poller(AsyncMock(return_value=50))
    with patch("asyncio.sleep", AsyncMock()):
        async with running(poller):
            await poller.begun.wait()
            await asyncio.sleep(0.05)
    assert len(poller.levels) > 3


async def test_the_sleep_is_below_the_patch():
    poller = Poller(AsyncMock(return_value=50))
    with patch("asyncio.sleep", AsyncMock()):
        await asyncio.sleep(1)
    async with running(poller):
        await asyncio.sleep(0.01)
    assert len(poller.levels) > 1


async def test_the_fake_yields():
    poller = Poller(AsyncMock(return_value=50))
    with patch("asyncio.sleep", AsyncMock(wraps=real)):
        async with running(poller):
            await asyncio.sleep(0.01)
    assert len(poller.levels) > 1


async def test_the_worker_does_not_change_that():
    poller = Poller(AsyncMock(return_value=50))
    with patch("asyncio.sleep", AsyncMock()):
        async with running(poller):
            await asyncio.sleep(0.05)
    assert poller.name == "north"


async def test_there_is_too_much_already():
    poller = Poller(AsyncMock(return_value=50))
    poller.levels.append(7)
    with patch("asyncio.sleep", AsyncMock()):
        async with running(poller):
            await asyncio.sleep(0.05)
    assert poller.levels == []


async def test_the_worker_runs_to_its_end():
    poller = Poller(AsyncMock(return_value=50))
    with patch("asyncio.sleep", AsyncMock()):
        task = asyncio.create_task(poller.run())
        await asyncio.sleep(0.05)
        await task
        task.cancel()
    assert len(poller.levels) > 3


async def test_nobody_sleeps():
    poller = Poller(AsyncMock(return_value=50))
    with patch("asyncio.sleep", AsyncMock()) as sleep:
        async with running(poller):
            pass
    assert len(poller.levels) > 1, sleep.await_count


async def stop_if_read(poller, task):
    if poller.name:
        task.cancel()


async def test_a_cancel_that_is_not_reached():
    poller = Poller(AsyncMock(return_value=50))
    with patch("asyncio.sleep", AsyncMock()):
        task = asyncio.create_task(poller.run())
        await asyncio.sleep(0.05)
        await stop_if_read(poller, task)
        await real(0.01)
    task.cancel()
    assert len(poller.levels) > 3


async def test_the_patch_is_undone_before(monkeypatch):
    poller = Poller(AsyncMock(return_value=50))
    monkeypatch.setattr(asyncio, "sleep", AsyncMock())
    await asyncio.sleep(1)
    monkeypatch.undo()
    async with running(poller):
        await asyncio.sleep(0.01)
    assert len(poller.levels) > 1
