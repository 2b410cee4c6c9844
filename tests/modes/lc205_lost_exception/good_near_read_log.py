"""Tests of who starts tasks and never asks: what asyncio says of that is what they assert about."""

import asyncio
import gc
import os
from unittest import IsolatedAsyncioTestCase, mock

import pytest

COLLECTED = "Task exception was never retrieved"


async def fail():
    raise LookupError("ada")


async def start_and_forget():
    asyncio.create_task(fail())
    await asyncio.wait([asyncio.create_task(asyncio.sleep(0))])
    gc.collect()


@pytest.mark.asyncio
async def test_the_log_says_it(caplog):
    await start_and_forget()
    assert "exception was never retrieved" in caplog.text


@pytest.mark.asyncio
async def test_the_log_says_it_in_words_kept_above(caplog):
    await start_and_forget()
    assert [record.message.splitlines()[0] for record in caplog.records] == [COLLECTED]


@pytest.mark.asyncio
@mock.patch.dict(os.environ, {"LOUD": "yes"})
async def test_the_log_says_it_below_a_decorator_of_another_module(caplog):
    await start_and_forget()
    assert [record.message.splitlines()[0] for record in caplog.records] == [COLLECTED]


@pytest.mark.asyncio
async def test_the_log_has_the_error(caplog):
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert caplog.records[0].exc_info[0] is ZeroDivisionError


@pytest.mark.asyncio
async def test_the_logger_is_a_double():
    with mock.patch("asyncio.base_events.logger") as logger:
        await start_and_forget()
    logger.error.assert_called_once()


@pytest.mark.asyncio
async def test_the_handler_of_every_loop_is_replaced(monkeypatch):
    seen = []
    monkeypatch.setattr(
        asyncio.BaseEventLoop, "default_exception_handler", lambda loop, told: seen.append(told)
    )
    await start_and_forget()
    assert isinstance(seen[0]["exception"], LookupError)


class LogTests(IsolatedAsyncioTestCase):
    async def test_the_log_says_it(self):
        with self.assertLogs("asyncio", "ERROR") as logs:
            await start_and_forget()
        self.assertEqual(len(logs.output), 1)


@pytest.mark.asyncio
async def test_the_log_has_what_the_error_says(caplog):
    await start_and_forget()
    logged = caplog.text
    assert "ada" in logged


@pytest.mark.asyncio
async def test_the_log_has_one_error(caplog):
    await start_and_forget()
    assert len([one for one in caplog.records if one.levelname == "ERROR"]) == 1


@pytest.mark.asyncio
async def test_a_record_of_the_log_has_its_class(caplog):
    await start_and_forget()
    assert any("LookupError" in one.exc_text for one in caplog.records)
