"""The thread has a copy of the context, and nothing had been set in it before."""

import asyncio
from contextvars import ContextVar

import pytest

tenant = ContextVar("tenant")


def read():
    return tenant.get()


@pytest.mark.asyncio
async def test_set_too_late():
    reading = asyncio.to_thread(read)
    name = await reading
    tenant.set("acme")
    assert name == "acme"


@pytest.mark.asyncio
async def test_expected():
    with pytest.raises(LookupError):
        await asyncio.to_thread(read)
