"""Async methods that run, or that nobody wants to run."""

import asyncio
import unittest

import pytest


class AsyncRunner(unittest.TestCase):
    def run(self, result=None):
        method = getattr(self, self._testMethodName)
        if asyncio.iscoroutinefunction(method):
            setattr(self, self._testMethodName, lambda: asyncio.run(method()))
        return super().run(result)


class TestOwnRunner(AsyncRunner):
    async def test_it(self):
        await asyncio.sleep(0)
        self.assertTrue(True)


class TestSkipped(unittest.TestCase):
    @unittest.skip("later")
    async def test_later(self):
        self.assertTrue(False)

    @pytest.mark.skip(reason="later")
    async def test_even_later(self):
        self.assertTrue(False)

    async def helper(self):
        return 1

    def test_plain(self):
        self.assertEqual(asyncio.run(self.helper()), 1)


@pytest.mark.skip(reason="later")
async def test_skipped():
    assert False


@pytest.mark.asyncio
async def test_skips():
    pytest.skip("not today")


@pytest.mark.xfail(reason="known")
@pytest.mark.asyncio
async def test_fails_as_expected():
    assert False
