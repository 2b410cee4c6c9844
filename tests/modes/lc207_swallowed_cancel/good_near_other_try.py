"""The step gives up when its time is over, as it should. The `try` waits for another error."""

import asyncio

import pytest


async def patient(action):
    try:
        await action()
    except asyncio.CancelledError:
        return "late"
    return "done"


async def never():
    await asyncio.Event().wait()


def price(text):
    return int(text or 0)


@pytest.mark.asyncio
async def test_no_price():
    try:
        assert await asyncio.wait_for(patient(never), 0.02) == "late"
    except asyncio.TimeoutError:
        pass
    try:
        price("")
    except ValueError:
        return
    pytest.fail("an empty price is no error")
