"""Each job sets the variable for itself. What the test reads was never meant to be set."""

import asyncio
from contextvars import ContextVar

import pytest

request_id = ContextVar("request_id", default="-")
tenant = ContextVar("tenant", default=None)


def line(what):
    return f"[{request_id.get()}] {what}"


async def handle(name, seen):
    request_id.set(name)
    seen.append(line("handled"))


async def bind(name):
    request_id.set(name)


def current_tenant():
    found = tenant.get()
    if found is None:
        raise PermissionError("no tenant")
    return found


async def export(name):
    tenant.set(name)
    await asyncio.sleep(0)
    return f"export of {current_tenant()}"


@pytest.mark.asyncio
async def test_a_job_names_itself():
    seen = []
    await asyncio.create_task(handle("r-1", seen))
    assert line("done") == "[main] done"


@pytest.mark.asyncio
async def test_two_jobs():
    await asyncio.gather(bind("r-1"), bind("r-2"))
    assert line("done") == "[main] done"


@pytest.mark.asyncio
async def test_an_export_is_over():
    assert await asyncio.create_task(export("acme")) == "export of acme"
    assert current_tenant() == "acme"
