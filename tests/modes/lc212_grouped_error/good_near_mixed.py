"""One member is expected, and another is a bug that no `except*` would catch."""

import asyncio

import pytest


async def fails(kind):
    raise kind("no")


async def both():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fails(ValueError))
        tasks.create_task(fails(KeyError))


@pytest.mark.asyncio
async def test_both():
    with pytest.raises(ValueError):
        await both()


@pytest.mark.asyncio
async def test_both_in_code():
    try:
        await both()
    except* ValueError:
        pass
