"""Marked; and unittest's own way."""

import asyncio
from unittest import IsolatedAsyncioTestCase

import pytest


@pytest.mark.asyncio
async def test_sum():
    await asyncio.sleep(0)
    assert 1 + 1 == 2


class TestSum(IsolatedAsyncioTestCase):
    async def test_sum(self):
        await asyncio.sleep(0)
        self.assertEqual(1 + 1, 2)
