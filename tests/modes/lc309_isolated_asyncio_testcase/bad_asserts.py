"""A task of an async fixture stands still while unittest runs the test that counts on it."""

# name: service
import asyncio
import unittest

import pytest
import pytest_asyncio


class Service:
    def __init__(self):
        self.up = False

    async def boot(self):
        await asyncio.sleep(0.001)
        self.up = True


@pytest_asyncio.fixture
async def service():  # LC309
    service = Service()
    service.task = asyncio.create_task(service.boot())
    yield service
    await service.task


class TestService(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def _with_service(self, service):
        self.service = service

    async def test_it_is_up(self):
        await asyncio.sleep(0.02)
        self.assertTrue(self.service.up)
