"""`gather` raises the error itself, and the test expects another one."""

import asyncio

import pytest


async def fails():
    raise LookupError("no")


@pytest.mark.asyncio
async def test_gather():
    with pytest.raises(ValueError):
        await asyncio.gather(fails(), fails())


@pytest.mark.asyncio
async def test_gather_as_expected():
    with pytest.raises(LookupError):
        await asyncio.gather(fails(), fails())
