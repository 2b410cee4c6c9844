"""The poller is left, and with it the heartbeat, which it would end if it were awaited."""

# name: poll

import asyncio

import pytest


async def beat(beats):
    while True:
        beats.append(1)
        await asyncio.sleep(30)


async def poll(beats):
    heart = asyncio.ensure_future(beat(beats))
    try:
        await asyncio.sleep(60)
    finally:
        heart.cancel()


@pytest.mark.asyncio
async def test_poll():
    beats = []
    asyncio.create_task(poll(beats))  # LC201
    await asyncio.sleep(0.01)
    assert beats
