"""The outcome keeps the error of its first attempt. The second one has a result, a wrong one."""

import asyncio
from contextvars import ContextVar, copy_context

import pytest

tenant = ContextVar("tenant")


class Outcome:
    def __init__(self):
        self.value = None
        self.first_error = None


async def run(job):
    loop, outcome = asyncio.get_running_loop(), Outcome()
    try:
        outcome.value = await loop.run_in_executor(None, job)
    except LookupError as error:
        outcome.first_error = error
        outcome.value = await loop.run_in_executor(None, copy_context().run, job)
    return outcome


def length():
    return len(tenant.get()) + 1


@pytest.mark.asyncio
async def test_length():
    tenant.set("acme")
    outcome = await run(length)
    assert outcome.value == 4
