"""Memory streams whose ends are closed or still in use, and tests of the warning itself."""

import gc
import warnings
from contextlib import asynccontextmanager

import anyio
import pytest

pytestmark = pytest.mark.asyncio
SEND, RECEIVE = [], []


async def test_both_ends():
    send, receive = anyio.create_memory_object_stream(3)
    async with send, receive:
        await send.send("pen")


async def test_one_end_each():
    async def work(send):
        async with send:
            await send.send("pen")

    send, receive = anyio.create_memory_object_stream(3)
    async with anyio.create_task_group() as group, receive:
        group.start_soon(work, send.clone())
        send.close()
        assert [item async for item in receive] == ["pen"]


@asynccontextmanager
async def channel():
    send, receive = anyio.create_memory_object_stream(3)
    try:
        yield send, receive
    finally:
        send.close()
        receive.close()


async def test_a_manager():
    async with channel() as (send, receive):
        await send.send("pen")


async def test_kept_for_later():
    send, receive = anyio.create_memory_object_stream(3)
    SEND.append(send)
    RECEIVE.append(receive)


async def leak():
    send, receive = anyio.create_memory_object_stream(3)
    await send.send("pen")


async def test_it_warns():
    with pytest.warns(ResourceWarning, match="Unclosed"):
        await leak()
        gc.collect()


async def test_it_is_recorded():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        await leak()
        gc.collect()
    assert len(seen) == 2
