"""What comes after the failing line reads the tasks: a clean-up, or the next round."""

import asyncio

import pytest


async def pour(cups, name):
    cups[name] += 1


@pytest.mark.asyncio
async def test_the_clean_up_reads_it():
    cups = {}
    task = asyncio.create_task(pour(cups, "tea"))
    try:
        await asyncio.sleep(0)
        assert cups == {"tea": 1}
    finally:
        with pytest.raises(KeyError):
            await task


@pytest.mark.asyncio
async def test_the_next_round_reads_it():
    cups, tasks = {"tea": 0}, []
    for name in ("milk", "tea"):
        for task in tasks:
            with pytest.raises(KeyError):
                await task
        tasks.append(asyncio.create_task(pour(cups, name)))
        await asyncio.sleep(0)
        assert name in cups


@pytest.mark.asyncio
async def test_an_inner_function_reads_it():
    cups = {}
    task = asyncio.create_task(pour(cups, "tea"))

    async def ask():
        await task

    await asyncio.sleep(0)
    assert cups == {"tea": 1}
    with pytest.raises(KeyError):
        await ask()
