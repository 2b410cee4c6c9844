"""Mocks receive coroutines, and something runs or closes them, or the project knows about it."""

import asyncio
from unittest.mock import AsyncMock, MagicMock, patch

import pytest


async def send(text):
    return len(text)


def start():
    return asyncio.create_task(send("ink"))


@pytest.mark.asyncio
async def test_the_real_one_runs_it():
    with patch("asyncio.create_task", wraps=asyncio.create_task) as create:
        assert await start() == 3
    create.assert_called_once()


@pytest.mark.asyncio
async def test_the_mock_closes_it():
    with patch("asyncio.create_task", side_effect=lambda work: work.close()) as create:
        start()
    create.assert_called_once()


@pytest.mark.asyncio
async def test_the_test_awaits_it():
    outbox = MagicMock()
    outbox.put(send("pen"))
    assert await outbox.put.call_args.args[0] == 3


@pytest.fixture
def scheduler():
    scheduler = MagicMock()
    yield scheduler
    for call in scheduler.add.call_args_list:
        call.args[0].close()


def test_the_fixture_closes_it(scheduler):
    scheduler.add(send("pen"))


@pytest.mark.filterwarnings("ignore:coroutine 'send' was never awaited:RuntimeWarning")
def test_quiet():
    MagicMock()(send("pen"))


@pytest.mark.asyncio
async def test_a_function_is_kept():
    register = AsyncMock()
    await register(send, "pen")
    register.assert_awaited_once_with(send, "pen")
