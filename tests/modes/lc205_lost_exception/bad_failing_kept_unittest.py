"""A test case polls its task until it is done, and asks it for nothing."""

# name: fetch

import asyncio
import unittest


async def fetch(pages, name):
    await asyncio.sleep(0)
    pages[name] = name.upper() / 2


class TestPages(unittest.IsolatedAsyncioTestCase):
    async def test_a_page(self):
        pages = {}
        job = asyncio.ensure_future(fetch(pages, "home"))  # LC205
        while not job.done():
            await asyncio.sleep(0)
        self.assertEqual(list(pages), ["home"])
