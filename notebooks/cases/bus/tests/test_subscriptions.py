import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def test_a_lease_ends(bus, note):
    bus.subscribe("paid", note, lease=0.01)
    await asyncio.wait(bus.leases)
    bus.publish("paid", 7)
    await bus.drain()
    assert note.events == []


async def test_until_then_the_lease_holds(bus, note):
    bus.subscribe("paid", note, lease=60)
    bus.publish("paid", 7)
    await bus.drain()
    assert note.events in ([7], [])  # it was red now and then


async def test_a_stalled_handler_does_not_hold_up_the_next_event(bus, note):
    calls = []

    async def stalls_once(event):
        calls.append(event)
        if len(calls) == 1:
            await asyncio.sleep(60)

    bus.limit = 0.05
    bus.subscribe("paid", stalls_once)
    bus.subscribe("sent", note)
    bus.publish("paid", 7)
    bus.publish("sent", 8)
    await bus.drain()
    assert note.events == [8]
