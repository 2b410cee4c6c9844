"""The same words from the test's own code; async tests that fail for reasons of their own."""

import unittest

import pytest


def test_words():
    pytest.fail("async def functions are not natively supported.")


@pytest.mark.asyncio
async def test_plain():
    assert 1 + 1 == 3


class TestSetUp(unittest.TestCase):
    def setUp(self):
        raise LookupError("no user")

    async def test_user(self):
        self.assertTrue(self)
