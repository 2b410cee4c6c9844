"""The words of asyncio, said by the code under test."""

import pytest


def run(coroutine):
    coroutine.close()
    raise RuntimeError("asyncio.run() cannot be called from a running event loop")


async def fetch():
    return 42


@pytest.mark.asyncio
async def test_fetch():
    assert run(fetch()) == 42
