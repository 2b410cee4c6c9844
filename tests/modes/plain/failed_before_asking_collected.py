"""Plain failures: what the next line would have asked is collected while a later test runs."""

import asyncio
import gc

import pytest

pytestmark = pytest.mark.asyncio


async def fails():
    raise KeyError("user_id")


async def test_the_task_had_failed():
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    assert 1 + 1 == 3
    await task


async def test_it_is_collected():
    gc.collect()
    assert 1 + 1 == 3


@pytest.mark.asyncio(loop_scope="module")
async def test_a_task_of_a_wider_loop_had_failed():
    tasks = [asyncio.create_task(fails())]
    await asyncio.sleep(0)
    assert 1 + 1 == 3
    await tasks[0]


@pytest.mark.asyncio(loop_scope="module")
async def test_that_is_collected_too():
    gc.collect()
    assert 1 + 1 == 2
