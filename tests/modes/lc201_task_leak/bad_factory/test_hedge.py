"""A function makes the functions that are started: no line says the coroutine's name."""

# name: call

import asyncio

import pytest
from hedge import hedged


def backend(name, latency):
    async def call():
        await asyncio.sleep(latency)
        return name

    return call


@pytest.mark.asyncio
async def test_the_second_wins():
    assert await hedged([backend("slow", 1.0), backend("fast", 0.01)]) == "fast"
