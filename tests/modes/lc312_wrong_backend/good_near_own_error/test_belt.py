"""The code says itself that it needs a loop, in the words of asyncio."""

import pytest


def loop_of(client):
    if client is None:
        raise RuntimeError("no running event loop")
    return client.loop


@pytest.mark.trio
async def test_client():
    assert loop_of(None) is None
