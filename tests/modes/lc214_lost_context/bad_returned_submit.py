"""A report is written in a thread. It names the tenant of the request, which stays set."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from unittest import IsolatedAsyncioTestCase

tenant = ContextVar("tenant", default=None)


class Report:
    def __init__(self, rows):
        self.rows = rows

    def title(self):
        return tenant.get()


async def title_of(report):
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(report.title)  # LC214
        return await asyncio.wrap_future(done)


# name: tenant
class ReportTest(IsolatedAsyncioTestCase):
    async def test_a_report_names_its_tenant(self):
        report = Report(["a"])
        tenant.set("acme")
        self.assertEqual(await title_of(report), "acme")
