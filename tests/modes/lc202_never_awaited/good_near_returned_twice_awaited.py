"""An `async def` returns a coroutine on purpose: who awaits it awaits that, too."""

import asyncio

import pytest


async def load(key):
    await asyncio.sleep(0)
    return key


async def prepare(key):
    return load(key)


@pytest.mark.asyncio
async def test_it_is_loaded():
    loading = await prepare("a")
    assert await loading == "b"
