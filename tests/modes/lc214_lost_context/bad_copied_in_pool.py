"""A job of a pool copies the context that it finds, and adds the tenant that it reads there."""

# name: tenant
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

import pytest

tenant: ContextVar[str] = ContextVar("tenant", default="nobody")


class Archive:
    def __init__(self):
        self.owners = set()

    def _add(self):
        self.owners.add(tenant.get())

    def _job(self):
        mine = copy_context()  # LC214
        mine.run(self._add)

    async def add(self):
        with ThreadPoolExecutor(1) as pool:
            await asyncio.wrap_future(pool.submit(self._job))


@pytest.mark.asyncio
async def test_an_archive_belongs_to_its_tenant():
    archive = Archive()
    tenant.set("acme")
    await archive.add()
    assert archive.owners == {"acme"}
