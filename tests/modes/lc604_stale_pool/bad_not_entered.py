"""A task group takes tasks only inside its block, and nothing has entered it."""

# name: group
import asyncio

import pytest


async def pick(fruits):
    fruits.append("plum")


@pytest.mark.asyncio
async def test_a_task_is_put_into_a_group():
    fruits = []
    group = asyncio.TaskGroup()  # LC604
    group.create_task(pick(fruits))
    await asyncio.sleep(0)
    assert fruits == ["plum"]
