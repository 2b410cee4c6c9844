"""Tests and code that expect the group, in each of the ways that Python and pytest have."""

import asyncio

import pytest


async def fails():
    raise ValueError("no")


async def run():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fails())


@pytest.mark.asyncio
async def test_raises_group():
    with pytest.RaisesGroup(ValueError):
        await run()


@pytest.mark.asyncio
async def test_group_contains():
    with pytest.raises(ExceptionGroup) as caught:
        await run()
    assert caught.group_contains(ValueError)


@pytest.mark.asyncio
async def test_star():
    seen = []
    try:
        await run()
    except* ValueError:
        seen.append("no")
    assert seen == ["no"]
