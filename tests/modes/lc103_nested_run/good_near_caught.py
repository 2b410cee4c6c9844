"""Code that is ready for a running loop fails for a reason of its own."""

import asyncio

import pytest


async def price():
    return 3


def price_anyhow():
    job = price()
    try:
        return asyncio.run(job)
    except RuntimeError:
        job.close()
        return {}["jam"]


@pytest.mark.asyncio
async def test_price_anyhow():
    assert price_anyhow() == 3
