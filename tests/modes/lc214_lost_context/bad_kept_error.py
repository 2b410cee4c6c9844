"""A runner keeps the error of a job in its outcome. The job's thread has a context of its own."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass

import pytest

tenant = ContextVar("tenant")


@dataclass
class Outcome:
    value: object = None
    error: BaseException | None = None


class Runner:
    def __init__(self, limit):
        self.limit = limit

    async def run(self, job, *given):
        try:
            work = asyncio.get_running_loop().run_in_executor(None, job, *given)  # LC214
            return Outcome(value=await asyncio.wait_for(work, self.limit))
        except Exception as error:
            return Outcome(error=error)


def export(rows):
    return f"{tenant.get()}: {len(rows)}"


# name: tenant
@pytest.mark.asyncio
async def test_an_export_names_its_tenant():
    tenant.set("acme")
    outcome = await Runner(5).run(export, [1, 2])
    assert outcome.value == "acme: 2"
