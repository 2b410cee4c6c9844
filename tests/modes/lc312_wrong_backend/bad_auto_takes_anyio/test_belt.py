"""anyio should run the test on trio; in auto mode pytest-asyncio does, on asyncio."""

import pytest
import trio


async def weigh(box):
    await trio.sleep(0)
    return len(box)


@pytest.fixture
def anyio_backend():
    return "trio"


# name: trio.sleep
@pytest.mark.anyio
async def test_weight(anyio_backend):
    assert await weigh("red") == 3
