"""What an instance keeps decides, and None is kept, too: the class is not asked."""

import asyncio
from types import SimpleNamespace
from unittest.mock import Mock

import pytest


class Service:
    rows = ["ready"]


class Broken(Service):
    def __init__(self):
        self.rows = None


class Slotted(Service):
    __slots__ = ("rows",)

    def __init__(self):
        self.rows = None


class Computed(Service):
    def __init__(self):
        vars(self)["rows"] = ["ready"]

    @property
    def rows(self):
        return None


class Child(Service):
    rows = None


BROKEN = [Broken, Slotted, Computed, Child, lambda: Mock(Service, rows=None)]


@pytest.mark.asyncio
@pytest.mark.parametrize("make", BROKEN)
async def test_a_plain_bug_beside_a_task(make):
    service, ticks = make(), []

    async def tick():
        await asyncio.sleep(0.01)
        ticks.append(1)

    task = asyncio.create_task(tick())
    await asyncio.sleep(0)
    assert service.rows == ["ready"]
    await task


@pytest.mark.asyncio
async def test_a_part_of_it_beside_a_task():
    app, ticks = SimpleNamespace(service=Broken()), []

    async def tick():
        await asyncio.sleep(0.01)
        ticks.append(1)

    task = asyncio.create_task(tick())
    await asyncio.sleep(0)
    assert app.service.rows == ["ready"]
    await task
