"""A helper starts what it is given: the line to change is the one that gave it this."""

# name: call

import asyncio

import pytest
from jobs import start_all, start_one


def job(seconds):
    async def call():
        await asyncio.sleep(seconds)

    return call


@pytest.mark.asyncio
async def test_both():
    await start_all([])
    await start_one(job(1)())  # LC201
    await asyncio.sleep(0)
