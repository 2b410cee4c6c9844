"""anyio's own runner, a group, and a stream whose other end is kept open and unused."""

# options: --loopcheck-hang=1
# name: orders

import anyio
import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def serve(orders, served):
    async for order in orders:  # LC203
        served.append(order)


async def test_all_are_served():
    send, orders = anyio.create_memory_object_stream(10)
    served = []
    async with anyio.create_task_group() as group:
        group.start_soon(serve, orders, served)
        await send.send("tea")
    assert served == ["tea"]


async def test_afterwards():
    await anyio.sleep(0.01)
