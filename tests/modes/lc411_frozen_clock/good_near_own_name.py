"""A stopped clock under the module's own name: the loop looks it up elsewhere."""

import asyncio
import sys
from time import monotonic

import pytest


def stamp():
    return monotonic()


@pytest.mark.asyncio
async def test_stamp(monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "monotonic", lambda: 5.0)
    await asyncio.sleep(0.01)
    assert stamp() == 5.0
