"""Either of two lines may have started it: none is blamed, and its own wait is said."""

# name: call

import asyncio

import pytest
from jobs import start_all, start_one


def job(seconds):
    async def call():
        await asyncio.sleep(seconds)  # LC201

    return call


@pytest.mark.asyncio
async def test_both():
    await start_all([])
    await start_one(job(1)())
    await asyncio.sleep(0)
