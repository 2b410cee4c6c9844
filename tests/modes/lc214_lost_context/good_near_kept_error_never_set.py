"""The outcome keeps the error of a job, but nothing ever sets the variable."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass

import pytest

tenant = ContextVar("tenant")


@dataclass
class Outcome:
    value: object = None
    error: BaseException | None = None


async def run(job):
    work = asyncio.get_running_loop().run_in_executor(None, job)
    try:
        return Outcome(value=await work)
    except LookupError as error:
        return Outcome(error=error)


@pytest.mark.asyncio
async def test_an_export_names_its_tenant():
    outcome = await run(lambda: tenant.get())
    assert outcome.value == "acme"
