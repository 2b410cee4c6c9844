"""The test fails elsewhere: the task that was to fill the list is dead."""

import asyncio

import pytest


async def fill(rows):
    rows.append({}["ada"])


def start(rows):
    return asyncio.create_task(fill(rows))  # LC205


# name: fill
@pytest.mark.asyncio
async def test_rows():
    rows = []
    start(rows)
    await asyncio.sleep(0.01)
    assert rows == ["apples"]
