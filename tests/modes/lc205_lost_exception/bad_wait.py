"""`asyncio.wait` raises nothing, and nobody reads the results."""

import asyncio

import pytest


async def load(name):
    raise LookupError(name)


# name: load
@pytest.mark.asyncio
async def test_load():
    await asyncio.wait([asyncio.create_task(load("ada"))])  # LC205
