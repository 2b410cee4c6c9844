"""The code has an answer for a timeout that nothing is slow enough for."""

# name: asyncio.sleep

import asyncio

import pytest


async def upstream():
    await asyncio.sleep(10)
    return "late"


async def with_deadline(seconds):
    try:
        return await asyncio.wait_for(upstream(), seconds)
    except TimeoutError:
        return "fallback"


async def instantly(seconds):
    return None


@pytest.mark.asyncio
async def test_the_fallback_is_taken(monkeypatch):
    monkeypatch.setattr(asyncio, "sleep", instantly)  # LC405
    assert await with_deadline(0.5) == "fallback"
