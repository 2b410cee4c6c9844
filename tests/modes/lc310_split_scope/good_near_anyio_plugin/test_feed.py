"""anyio's own plugin runs a fixture, its test and the fixture's end in one task."""

import anyio
import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
async def workers():
    async with anyio.create_task_group() as tasks:
        yield tasks
        tasks.cancel_scope.cancel()


@pytest.fixture
async def in_time():
    with anyio.fail_after(5):
        yield


async def test_workers(workers, in_time):
    workers.start_soon(anyio.sleep_forever)
    await anyio.sleep(0)


async def test_prices(in_time):
    assert 2 * 3 == 6
