"""Tests that fail for other reasons, while a coroutine has a name and is awaited later."""

import asyncio
from unittest import mock

import pytest

pytestmark = pytest.mark.asyncio


class Depot:
    def __init__(self, van):
        self.van = van
        self.trips = {}
        self.trip = None
        self.jobs = []

    def leave(self):
        trip = self.van.drive()
        self.trip = trip

    def queue(self, job):
        trip = self.van.drive()
        self.jobs.append(trip)
        self.trip = trip

    def depart(self, town):
        self.trips[town] = self.van.drive(town)

    async def arrive(self):
        return await self.trip

    async def run(self):
        return await asyncio.gather(*self.trips.values())

    async def once(self, seen):
        ride = self.van.drive()
        seen[ride] = "started"
        yield
        await ride


async def test_an_attribute_is_awaited_later():
    depot = Depot(mock.AsyncMock())
    depot.leave()
    assert depot.van.fuel == 3
    await depot.arrive()


async def test_a_list_gets_it_too():
    depot = Depot(mock.AsyncMock())
    depot.queue("a")
    assert depot.van.fuel == 3
    await depot.arrive()


async def test_a_table_of_them_is_gathered_later():
    depot = Depot(mock.AsyncMock())
    depot.depart("Ulm")
    assert depot.van.fuel == 3
    await depot.run()


async def test_a_key_is_awaited_itself():
    depot, seen = Depot(mock.AsyncMock()), {}
    steps = depot.once(seen)
    await anext(steps)
    assert depot.van.fuel == 3 and seen
    await anext(steps, None)
