"""Polls in vain, and limits that did not run out, for other reasons than the double."""

import asyncio
from unittest.mock import patch

import pytest

real = asyncio.sleep


@pytest.fixture(autouse=True)
def quick():
    with patch("asyncio.sleep"):
        yield


async def poll(ready):
    for _ in range(200):
        if ready():
            return True
        await asyncio.sleep(0.1)
    return False


async def poll_and_give_way(ready):
    while not ready():
        await asyncio.sleep(0.1)
        await real(0)
        return False


async def answer(value):
    await asyncio.sleep(0.01)
    return value


@pytest.mark.asyncio
async def test_the_timer_is_for_another():
    one, other = asyncio.Event(), asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, other.set)
    assert await poll(one.is_set)


@pytest.mark.asyncio
async def test_the_timer_comes_too_late():
    one = asyncio.Event()
    asyncio.get_running_loop().call_later(60, one.set)
    assert await poll(one.is_set)


@pytest.mark.asyncio
async def test_the_loop_had_its_turn():
    one = []
    asyncio.get_running_loop().call_later(0, one.append, 1)
    await real(0.01)
    assert await poll(lambda: len(one) > 1)


@pytest.mark.asyncio
async def test_the_poller_gives_way():
    one = asyncio.Event()
    asyncio.get_running_loop().call_later(0.5, one.set)
    assert await poll_and_give_way(one.is_set)


@pytest.mark.asyncio
async def test_the_answer_is_wrong():
    try:
        found = await asyncio.wait_for(answer(3), 1)
    except TimeoutError:
        return
    if found != 4:
        raise AssertionError("wrong answer")


@pytest.mark.asyncio
async def test_the_limit_is_about_what_does_not_sleep():
    ready = asyncio.Event()
    ready.set()
    try:
        await asyncio.wait_for(ready.wait(), 0.1)
    except TimeoutError:
        return
    pytest.fail("no timeout")
