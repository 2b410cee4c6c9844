"""LC103: a loop is started inside a running one; two loops, and yet nothing crossed."""

import asyncio

import pytest


async def fetch():
    await asyncio.sleep(0)
    return 42


def sync_api():
    return asyncio.run(fetch())


@pytest.mark.asyncio
async def test_run_in_a_test():
    assert sync_api() == 42


@pytest.mark.asyncio
async def test_run_until_complete_on_the_running_loop():
    asyncio.get_running_loop().run_until_complete(fetch())


@pytest.mark.asyncio
async def test_run_until_complete_on_a_new_loop():
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(fetch())
    finally:
        loop.close()


@pytest.mark.asyncio
async def test_runner():
    with asyncio.Runner() as runner:
        runner.run(fetch())
