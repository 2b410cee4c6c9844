"""One list for all calls: what the first takes out of it the next one lacks."""

import pytest

ARGS = ["mail", "hello", 5]  # LC308
# name: ARGS


async def send(channel, body, ttl):
    return channel, body, ttl


@pytest.mark.asyncio
async def test_channel():
    channel = ARGS.pop(0)
    assert await send(channel, *ARGS) == ("mail", "hello", 5)


@pytest.mark.asyncio
async def test_all():
    assert await send(*ARGS) == ("mail", "hello", 5)
