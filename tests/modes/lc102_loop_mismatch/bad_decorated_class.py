"""The first method of the class is a library's wrapper; the class is the user's all the same."""

# name: Limiter.slots
import asyncio
from contextlib import asynccontextmanager

import pytest


class Limiter:
    @asynccontextmanager
    async def slot(self):
        async with self.slots:
            yield

    slots = asyncio.Semaphore(1)  # LC102


async def ask(city):
    async with Limiter().slot():
        await asyncio.sleep(0)
        return len(city)


@pytest.mark.asyncio
@pytest.mark.parametrize("town", ["Oslo", "Rome"])
async def test_both_are_asked(town):
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(ask(city)) for city in (town, "Bergen")]
    assert [one.result() for one in asked] == [4, 6]
