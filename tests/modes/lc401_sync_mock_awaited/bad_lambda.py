"""A function of the module is replaced by one that gives its result at once."""

import sys

import pytest


async def fetch_rate(currency):
    raise ConnectionError(currency)


async def convert(amount, currency):
    return amount * await fetch_rate(currency)


# name: fetch_rate | sys.modules[__name__].fetch_rate
@pytest.mark.asyncio
async def test_convert(monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "fetch_rate", lambda currency: 2)  # LC401
    assert await convert(10, "EUR") == 20
