"""`asyncio.to_thread` runs the function in a copy of the caller's context."""

import asyncio
from contextvars import ContextVar

import pytest

tenant = ContextVar("tenant")


def render(total):
    return f"{tenant.get()}: {total} EUR"


async def invoice(total):
    return await asyncio.to_thread(render, total)


@pytest.mark.asyncio
async def test_an_invoice_names_its_tenant():
    tenant.set("acme")
    assert await invoice(3) == "acme: 3 EUR"
