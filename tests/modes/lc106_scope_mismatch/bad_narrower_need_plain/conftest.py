import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture(loop_scope="session")
async def orders():
    found = asyncio.Queue()
    await found.put("tea")
    return found


@pytest.fixture(scope="session")
def kitchen(orders):  # LC106
    return {"orders": orders}
