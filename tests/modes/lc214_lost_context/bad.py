"""An invoice names its tenant. It is rendered in an executor's thread, which has no tenant."""

import asyncio
from contextvars import ContextVar

import pytest

tenant = ContextVar("tenant")


def render(total):
    return f"{tenant.get()}: {total} EUR"


async def invoice(total):
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, render, total)  # LC214


# name: tenant
@pytest.mark.asyncio
async def test_an_invoice_names_its_tenant():
    tenant.set("acme")
    assert await invoice(3) == "acme: 3 EUR"
