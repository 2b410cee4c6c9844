"""A signal ends a poll in a task of a group: what the test raises is the group."""

# findings: 2
# name: empty | Depot.served
import asyncio

import anyio
import pytest

pytestmark = pytest.mark.asyncio


class Depot:
    def __init__(self):
        self.vans, self.orders = ["van"], 0

    async def served(self, total):
        while self.orders < total:  # LC204
            await asyncio.sleep(0)


async def empty(depot):
    while depot.vans:  # LC204
        await asyncio.sleep(0)


async def test_the_depot_becomes_empty():
    async with asyncio.TaskGroup() as group:
        group.create_task(empty(Depot()))


async def test_orders_are_served():
    async with anyio.create_task_group() as outer, anyio.create_task_group() as group:
        group.start_soon(Depot().served, 2)
        outer.start_soon(anyio.sleep, 0)
