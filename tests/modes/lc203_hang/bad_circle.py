"""Two tasks that wait for each other."""

# options: --loopcheck-hang=1
# name: cook | wait_tables

import asyncio

import pytest


async def cook(tasks):
    return await tasks["waiter"]  # LC203


async def wait_tables(tasks):
    return await tasks["cook"]  # LC203


@pytest.mark.asyncio
async def test_kitchen():
    tasks = {}
    tasks["cook"] = asyncio.create_task(cook(tasks))
    tasks["waiter"] = asyncio.create_task(wait_tables(tasks))
    await tasks["cook"]
