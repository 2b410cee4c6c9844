"""Patches for a whole class, for a module, and stopped ones: the sums are plainly wrong."""

import unittest
from unittest import mock

import pytest
import scale


class WholeClass(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.patcher = mock.patch("scale.weigh", mock.AsyncMock(return_value=7))
        cls.patcher.start()

    @classmethod
    def tearDownClass(cls):
        cls.patcher.stop()

    async def test_first(self):
        self.assertEqual(await scale.total("ab"), 14)

    async def test_second(self):
        self.assertEqual(await scale.total("abc"), 14)


class Stopped(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        patcher = mock.patch("scale.weigh", mock.AsyncMock(return_value=1))
        patcher.start()
        self.addCleanup(patcher.stop)

    async def test_one(self):
        self.assertEqual(await scale.total("ab"), 2)


@pytest.fixture(scope="module")
def heavy():
    patcher = mock.patch("scale.weigh", mock.AsyncMock(return_value=90))
    yield patcher.start()
    patcher.stop()


@pytest.mark.asyncio
async def test_as_heavy_as_it_gets(heavy):
    assert await scale.total("a") == 90


@pytest.mark.asyncio
async def test_heavier(heavy):
    assert await scale.total("a") == 91


@pytest.mark.asyncio
async def test_not_the_patched_one():
    assert await scale.price("ab") == 5
