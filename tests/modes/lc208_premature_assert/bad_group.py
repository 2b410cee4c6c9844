"""A group waits for its tasks where its block ends, and cancels them where an error ends it."""

# name: pick

import asyncio

import pytest


async def pick(tree, basket):
    await asyncio.sleep(0)
    basket.add(tree)


@pytest.mark.asyncio
async def test_the_apples_are_picked():
    basket = set()
    async with asyncio.TaskGroup() as pickers:
        pickers.create_task(pick("apple", basket))
        pickers.create_task(pick("pear", basket))
        await asyncio.sleep(0)
        assert "apple" in basket  # LC208
