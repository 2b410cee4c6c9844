"""The code keeps what an AsyncMock returned, or tests its truth, and the test fails later."""

# name: transport.peer | wire.address | cache.is_full | AsyncMock()
# findings: 4
from unittest import mock

import pytest


class Connection:
    def __init__(self, transport, known):
        self.peer = transport.peer()
        known[self.peer] = self


class Route:
    def __init__(self, wire):
        self.hops = {}
        self.hops["first"] = wire.address("first")


class Store:
    def __init__(self, cache):
        self.cache = cache
        self.kept = []

    def keep(self, fruit):
        if self.cache.is_full():
            return
        self.kept.append(fruit)


class Clock:
    def __init__(self, now):
        self.started = now()

    def is_late(self, limit):
        return limit in (self.started, 3)

    async def stop(self):
        await self.started.wait()  # what it keeps is asked, and not awaited itself


def test_the_peer_is_known():
    transport = mock.MagicMock(peer=mock.AsyncMock(return_value="10.0.0.1"))  # LC402
    known = {}
    connection = Connection(transport, known)
    assert known["10.0.0.1"] is connection


def test_the_first_hop():
    wire = mock.MagicMock()
    wire.address = mock.AsyncMock(return_value="10.0.0.2")  # LC402
    route = Route(wire)
    assert route.hops["first"].startswith("10")


def test_a_fruit_is_kept():
    cache = mock.Mock()
    cache.is_full = mock.AsyncMock(return_value=False)  # LC402
    store = Store(cache)
    store.keep("plum")
    assert store.kept[0] == "plum"


def test_it_started_late():
    clock = Clock(mock.AsyncMock(return_value=7))  # LC402
    assert clock.is_late(7)


@pytest.mark.asyncio
async def test_it_is_early():
    assert not Clock(lambda: 7).is_late(8)
