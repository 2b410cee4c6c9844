import anyio
import pytest


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
async def bus(anyio_backend):
    send, recv = anyio.create_memory_object_stream(10)
    async with send, recv:
        yield send, recv


@pytest.fixture
async def workers(bus, anyio_backend):
    async with anyio.create_task_group() as tg:
        got = []

        async def work():
            async for x in bus[1]:
                got.append(x)

        tg.start_soon(work)
        yield got
        tg.cancel_scope.cancel()


@pytest.fixture
async def pipeline(bus, workers):
    await bus[0].send("a")
    await anyio.sleep(0)
    await anyio.sleep(0)
    return list(workers)
