"""Time runs out on the right loop, with objects of another loop in the module."""

import asyncio
import os

import pytest
import valkey.asyncio as valkey

client = valkey.from_url(os.environ["VALKEY_URL"])
doors = asyncio.Event()


@pytest.mark.asyncio(loop_scope="module")
async def test_client_is_at_home():
    assert await client.ping()


@pytest.mark.asyncio
async def test_doors_stay_closed():
    asyncio.get_running_loop().call_later(5, doors.set)  # later than anybody waits
    await asyncio.wait_for(doors.wait(), timeout=0.01)


@pytest.mark.asyncio
async def test_own_event_stays_unset():
    async with asyncio.timeout(0.01):
        await asyncio.Event().wait()


@pytest.mark.asyncio
async def test_future_is_cancelled():
    future = asyncio.get_running_loop().create_future()
    future.cancel()
    await future
