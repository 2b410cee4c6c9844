"""A coroutine of an AsyncMock that is handed to a mock of `create_task`: no line dropped it."""

import asyncio
from unittest.mock import AsyncMock, MagicMock, patch

import pytest


async def start(job):
    asyncio.create_task(job.run())
    await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_starts_the_job():
    job = AsyncMock()
    with patch("asyncio.create_task", MagicMock()) as started:
        await start(job)
    started.assert_called_once()
    started.call_args.args[0].close()


@pytest.mark.asyncio
async def test_awaits_the_job():
    job = AsyncMock()
    await job.run()
    job.run.assert_awaited_once()


JOBS = []


def forget(coroutine):
    """Stands for a scheduler that throws away what it is given."""


@pytest.mark.asyncio
@pytest.mark.parametrize("take", [forget, JOBS.append])
async def test_hands_a_child_over(take):
    job = AsyncMock()
    take(job.run())
    JOBS.clear()


@pytest.mark.asyncio
async def test_hands_a_mock_over():
    job = AsyncMock()
    forget(job())
