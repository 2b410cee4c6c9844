"""The coroutine is in a cycle: it is collected in a later test, which makes one of that name."""

# name: confirm
import gc

import pytest


class Shop:
    def __init__(self):
        self.itself, self.jobs = self, []


async def handle(job):
    return await job


@pytest.mark.asyncio
async def test_order():
    async def confirm():
        raise LookupError("nobody is asked")

    Shop().jobs.append(confirm())  # LC202


@pytest.mark.asyncio
async def test_another_order():
    async def confirm():
        return "yes"

    assert await handle(confirm()) == "yes"
    gc.collect()
