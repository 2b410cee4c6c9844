"""The test opens the group itself, and the fixture's scope ends before its `yield`."""

import anyio
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def rows():
    with anyio.fail_after(5):
        await anyio.sleep(0)
        found = [1, 2]
    yield found


@pytest.mark.asyncio
async def test_rows(rows):
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(anyio.sleep, 0)
    assert rows == [1, 2]


@pytest.mark.asyncio
async def test_too_slow(rows):
    with pytest.raises(TimeoutError):
        with anyio.fail_after(0.01):
            await anyio.sleep(5)
