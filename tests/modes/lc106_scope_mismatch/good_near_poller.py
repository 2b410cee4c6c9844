"""Tests that fail beside a wide poller, which would have changed nothing that they are about."""

import asyncio
import time

import pytest
import pytest_asyncio

items, done, seen, gone = [], [], {"a": 1}, {"old": 1}


async def work():
    while True:
        batch = list(items)
        for one in batch:
            done.append(one)
        if "b" in seen:
            done.append("b")
        gone.clear()
        await asyncio.sleep(0.005)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker():
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    gone["old"] = 1
    time.sleep(0.02)  # the time that it slept for is over as its loop stops
    yield
    task.cancel()


async def filled():
    while not done:
        await asyncio.sleep(0.005)


@pytest.mark.asyncio
async def test_nothing_was_put_there(worker):
    await asyncio.wait_for(filled(), 0.05)


@pytest.mark.asyncio
async def test_nothing_was_put_there_and_it_asserts(worker):
    await asyncio.sleep(0.02)
    assert done == [1]


@pytest.mark.asyncio
async def test_what_it_takes_away_is_not_missed(worker):
    await asyncio.sleep(0.02)
    assert len(gone) == 2


@pytest.mark.asyncio
async def test_it_did_not_wait(worker):
    items.append(1)
    assert done == ["b"]


@pytest.mark.asyncio(loop_scope="module")
async def test_on_the_workers_own_loop(worker):
    items.append(1)
    await asyncio.sleep(0.02)
    assert done == []
