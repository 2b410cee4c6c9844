"""The value is there, and it is the wrong one; or the entry in it is missing."""

import asyncio
from contextvars import ContextVar

import pytest

settings = ContextVar("settings", default=None)


async def load():
    settings.set({"unit": "kg"})


@pytest.mark.asyncio
async def test_a_wrong_value():
    settings.set({"unit": "lb"})
    await asyncio.gather(load())
    assert settings.get()["unit"] == "kg"


@pytest.mark.asyncio
async def test_a_missing_entry():
    await load()
    assert settings.get()["price"] == 3


@pytest.mark.asyncio
async def test_a_lookup_error_of_its_own():
    await asyncio.gather(load())
    raise LookupError("settings")
