"""A helper returns the tenant, and the caller refuses to work without one."""

from contextvars import ContextVar

import anyio
import pytest

pytest_plugins = ["anyio.pytest_plugin"]
tenant = ContextVar("tenant", default="")


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def enter(name):
    await anyio.sleep(0)
    tenant.set(name)


def current_tenant():
    return tenant.get()


async def invoice(total):
    if total > 0 and not current_tenant():
        raise PermissionError("no tenant")
    return f"{current_tenant()}: {total} EUR"


# name: tenant
@pytest.mark.anyio
async def test_an_invoice_names_its_tenant():
    async with anyio.create_task_group() as group:
        group.start_soon(enter, "acme")  # LC214
    assert await invoice(3) == "acme: 3 EUR"
