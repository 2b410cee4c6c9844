"""A word is missing in the setting: the tests keep to loops of their own."""

# name: asyncio_default_test_scope
import asyncio

import pytest


@pytest.fixture(scope="session")
async def kiln():
    ready = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, ready.set)
    await ready.wait()
    ready.clear()
    return ready


async def test_heat(kiln):
    asyncio.get_running_loop().call_later(0.01, kiln.set)
    await kiln.wait()
