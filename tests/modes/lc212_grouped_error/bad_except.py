"""The code expects that a rate is missing. With anyio's group around the calls, it never is."""

import anyio
import pytest


async def fetch(rates, currency):
    await anyio.sleep(0)
    if currency == "XXX":
        raise LookupError(currency)
    rates[currency] = 2


async def rates(*currencies):
    found = {}
    try:
        async with anyio.create_task_group() as tasks:
            for currency in currencies:
                tasks.start_soon(fetch, found, currency)
    except LookupError:  # LC212
        found["missing"] = True
    return found


# name: LookupError
@pytest.mark.asyncio
async def test_a_missing_rate_is_reported():
    assert await rates("XXX") == {"missing": True}
