import asyncio

import pytest
from bus.audit import Audit

pytestmark = pytest.mark.asyncio


async def test_a_handler_gets_the_event(bus, note):
    bus.subscribe("paid", note)
    bus.publish("paid", 7)
    await asyncio.sleep(0.01)
    assert note.events == [7]


async def test_two_handlers_both_get_it(bus, note):
    bus.subscribe("paid", note)
    bus.subscribe("paid", note)
    bus.publish("paid", 7)
    await asyncio.sleep(0.01)
    assert note.events == [7, 7]


async def test_another_topic_is_left_alone(bus, note):
    bus.subscribe("paid", note)
    bus.publish("sent", 7)
    await bus.drain()
    assert note.events == []


async def test_events_keep_their_order(bus, note):
    bus.subscribe("paid", note)
    for order in (7, 8, 9):
        bus.publish("paid", order)
    await bus.drain()
    assert note.events == [7, 8, 9]


async def test_the_audit_notes_what_was_paid(bus):
    audit = Audit(bus, print)
    bus.publish("paid", {"order": 7, "total": 12.5})
    await bus.drain()
    assert len(audit.rows) == 1


async def test_who_has_no_lease_stays(bus, note):
    bus.subscribe("paid", print, lease=60)
    bus.subscribe("sent", note)
    bus.publish("sent", 7)
    await bus.drain()
    assert note.events == [7]


async def test_stop_delivers_what_is_queued(bus, note):
    bus.subscribe("paid", note)
    bus.publish("paid", 7)
    await bus.stop()
    assert note.events == [7]


async def test_stop_ends_the_worker(bus):
    await bus.stop()
    assert bus.worker.done()
