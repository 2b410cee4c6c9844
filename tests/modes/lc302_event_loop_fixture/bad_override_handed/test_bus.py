"""A plain fixture hands the override's loop to what starts tasks there; the test is on another."""

# name: event_loop
import asyncio

import pytest


@pytest.mark.asyncio
async def test_it_is_heard(bus):
    heard = []

    async def hear(words):
        heard.append(words)

    bus.heard_by.append(hear)
    bus.say("tea")
    await asyncio.sleep(0.01)
    assert heard == ["tea"]
