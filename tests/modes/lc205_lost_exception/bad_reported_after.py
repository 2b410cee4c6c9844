"""A fixture asserts, at the end of each test, that asyncio has reported nothing."""

# name: Bell._ring
import asyncio
from unittest.mock import Mock

import pytest
import pytest_asyncio


@pytest_asyncio.fixture(autouse=True)
async def no_reports():
    handler = Mock()
    asyncio.get_running_loop().set_exception_handler(handler)
    yield
    assert handler.call_count == 0


class Bell:
    def ring(self, times):
        asyncio.get_running_loop().call_later(0.001, self._ring, times)

    def _ring(self, times):
        self.rung += times  # LC205


@pytest.mark.asyncio
async def test_the_bell_rings():
    Bell().ring(3)
    await asyncio.sleep(0.01)
