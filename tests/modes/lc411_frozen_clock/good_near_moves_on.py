"""A fake clock that is an hour ahead, and moves on."""

import asyncio
import time

import pytest


@pytest.mark.asyncio
async def test_an_hour_later(monkeypatch):
    real, began = time.monotonic, time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: real() + 3_600)
    await asyncio.sleep(0.01)
    assert time.monotonic() - began >= 3_600
