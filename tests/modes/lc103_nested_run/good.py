"""Await it; what must stay synchronous gets a thread, or a synchronous test."""

import asyncio

import pytest


async def fetch():
    await asyncio.sleep(0)
    return 42


def sync_api():
    return asyncio.run(fetch())


@pytest.mark.asyncio
async def test_fetch():
    assert await fetch() == 42


@pytest.mark.asyncio
async def test_sync_api_in_a_thread():
    assert await asyncio.to_thread(sync_api) == 42


def test_sync_api():
    assert sync_api() == 42
