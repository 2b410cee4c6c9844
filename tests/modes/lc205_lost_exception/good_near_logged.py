"""What was logged has another part in the test: it is its subject, or nothing hangs on it."""

import asyncio
import logging

import pytest

log = logging.getLogger("shop")
pytestmark = pytest.mark.asyncio


class Till:
    def __init__(self):
        self.total, self.failed = 0, 0

    async def book(self, amount):
        await asyncio.sleep(0)
        try:
            self.total += int(amount)
        except ValueError:
            log.exception("no amount")
            self.failed += 1


async def test_what_failed_is_counted_wrongly():
    till = Till()
    await till.book("x")
    assert till.failed == 2


async def test_the_log_is_the_subject(caplog):
    till = Till()
    await till.book("x")
    assert till.total == 1
    assert "no amount" in caplog.text


async def test_the_error_goes_on():
    try:
        int("x")
    except ValueError:
        log.exception("no amount")
        raise
