import os

import pytest_asyncio
from gate import Gate


@pytest_asyncio.fixture
async def gate():
    gate = Gate(os.environ["VALKEY_URL"])
    yield gate
    await gate.store.close()
