import asyncio

import pytest_asyncio


@pytest_asyncio.fixture
def lock():
    return [type(asyncio.Lock()).__name__, type(asyncio.Event()).__name__]
