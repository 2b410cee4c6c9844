"""The job has failed, as it should, before the test sets the variable for the next one."""

import asyncio
from contextvars import ContextVar
from types import SimpleNamespace

import pytest

tenant = ContextVar("tenant")


async def run(job):
    work = asyncio.get_running_loop().run_in_executor(None, job)
    try:
        return SimpleNamespace(value=await work, error=None)
    except LookupError as error:
        return SimpleNamespace(value=None, error=error)


@pytest.mark.asyncio
async def test_an_export_needs_a_tenant():
    outcome = await run(lambda: tenant.get())
    tenant.set("acme")
    assert outcome.value == ""
