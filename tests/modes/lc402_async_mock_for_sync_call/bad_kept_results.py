"""The code keeps what an AsyncMock returned, or tests its truth, and fails somewhere else."""

# name: transport.peer | wire.address | cache.is_full | AsyncMock()
# findings: 4
from dataclasses import dataclass, field
from unittest import mock

import pytest


class Connection:
    def __init__(self, transport, known):
        self.peer = transport.peer()
        known[self.peer] = self


@dataclass
class Route:
    wire: object
    hops: list = field(default_factory=list)

    def add(self):
        address = self.wire.address("first")
        self.hops += [address]


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


def test_the_peer_is_known():
    transport = mock.MagicMock(peer=mock.AsyncMock(return_value="10.0.0.1"))  # LC402
    known = {}
    connection = Connection(transport, known)
    assert known["10.0.0.1"] is connection


def test_the_first_hop():
    wire = mock.MagicMock()
    wire.address = mock.AsyncMock(return_value="10.0.0.2")  # LC402
    route = Route(wire)
    route.add()
    assert route.hops[0].startswith("10")


def test_a_fruit_is_kept():
    cache = mock.Mock()
    cache.is_full = mock.AsyncMock(return_value=False)  # LC402
    store = Store(cache)
    store.keep("plum")
    assert store.kept == ["plum"]


def test_it_started_late():
    clock = Clock(mock.AsyncMock(return_value=7))  # LC402
    assert clock.is_late(7)


@pytest.mark.asyncio
async def test_it_is_early():
    assert not Clock(lambda: 7).is_late(8)
