import asyncio

import pytest


@pytest.fixture(scope="session")
async def gate():  # LC301
    yield asyncio.Lock()


@pytest.fixture
async def visitor():
    return "ada"
