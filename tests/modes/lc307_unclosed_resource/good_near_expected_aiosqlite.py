"""Tests of aiosqlite's own warning: what they leave open they leave on purpose."""

import asyncio
import gc
import unittest

import aiosqlite
import pytest


async def leave():
    connection = await aiosqlite.connect(":memory:")
    await asyncio.sleep(0)
    del connection
    gc.collect()


@pytest.mark.asyncio
async def test_warns():
    with pytest.warns(ResourceWarning):
        await leave()


class TestLeft(unittest.IsolatedAsyncioTestCase):
    async def test_warns(self):
        with self.assertWarnsRegex(ResourceWarning, "was deleted before being closed"):
            await leave()
