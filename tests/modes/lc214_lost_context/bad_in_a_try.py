"""The line that sets the variable is in a `try`, whose handler raises: else it has run."""

# name: tenant
import asyncio
from contextvars import ContextVar

import pytest

tenant = ContextVar("tenant")
TENANTS = {"t-1": "acme"}


class Unknown(Exception):
    pass


async def log_in(token):
    await asyncio.sleep(0)
    try:
        tenant.set(TENANTS[token])
    except KeyError:
        raise Unknown(token) from None


async def page(token):
    await asyncio.gather(log_in(token), asyncio.sleep(0))  # LC214
    return f"/{tenant.get()}/home"


@pytest.mark.asyncio
async def test_the_page_of_a_tenant():
    assert await page("t-1") == "/acme/home"
