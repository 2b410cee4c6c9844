"""The code catches the group, and raises it again as it is: that is what it means to do."""

import asyncio

import pytest


async def fails():
    raise ValueError("no")


async def report(seen):
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fails())
    except ValueError:
        seen.append("one")
    except ExceptionGroup:
        seen.append("many")
        raise


@pytest.mark.asyncio
async def test_report():
    seen = []
    await report(seen)
    assert seen == ["many"]
