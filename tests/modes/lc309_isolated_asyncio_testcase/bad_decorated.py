"""A decorator stands around the test: it is the decorator's line that calls it without."""

# name: client
import functools
import unittest

import pytest_asyncio


@pytest_asyncio.fixture
async def client():
    yield object()


def logged(function):
    @functools.wraps(function)
    async def inner(*args, **kwargs):
        return await function(*args, **kwargs)

    return inner


class ApiTests(unittest.IsolatedAsyncioTestCase):
    @logged  # LC309
    async def test_client(self, client):  # LC309
        self.assertIsNotNone(client)
