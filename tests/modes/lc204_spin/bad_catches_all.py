"""A loop that catches whatever is thrown into it; the next test still runs."""

# options: --loopcheck-hang=1
# name: retry

import asyncio

import pytest


async def connect(hosts):
    if not hosts:
        raise ConnectionError("no host")


async def retry(hosts):
    while True:  # LC204
        try:
            return await connect(hosts)
        except BaseException:
            continue


@pytest.mark.asyncio
async def test_connects():
    await retry([])


@pytest.mark.asyncio
async def test_next():
    await asyncio.sleep(0)
