"""The bus can be waited for, and the test does not."""

# name: save

import asyncio

import pytest
from bus import Bus


@pytest.mark.asyncio
async def test_a_listener_hears_it():
    bus, heard = Bus(), []

    async def save(event):
        await asyncio.sleep(0)
        heard.append(event)

    bus.listeners.append(save)
    bus.publish("order")
    assert heard == ["order"]  # LC208
