"""A thread of an executor finds the default, and the table of rates has no entry for it."""

import asyncio
from contextvars import ContextVar

import pytest

currency = ContextVar("currency", default="none")
RATES = {"EUR": 1.0, "USD": 1.1}


def convert(amount):
    code = currency.get()
    return amount * RATES[code]


# name: currency
@pytest.mark.asyncio
async def test_an_amount_in_dollars():
    currency.set("USD")
    loop = asyncio.get_running_loop()
    assert await loop.run_in_executor(None, convert, 10) == 11  # LC214
