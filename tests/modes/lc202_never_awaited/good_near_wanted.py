"""Plain slips of another kind, whose messages speak of coroutines too."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def fetch():
    return "tea"


async def test_no_coroutine_is_handed_over():
    fetched = fetch()
    try:
        asyncio.run_coroutine_threadsafe(3, asyncio.get_running_loop())
    finally:
        assert await fetched == "tea"


async def test_one_of_two_is_none():
    fetched = asyncio.ensure_future(fetch())
    assert await fetched == "tea"
    assert await asyncio.gather(fetched, 3) == ["tea", 3]


async def test_another_value_fails():
    fetched = fetch()
    try:
        assert "coroutine" == "task"
    finally:
        assert await fetched == "tea"


async def test_jobs_are_left():
    jobs = [fetch()]
    try:
        assert jobs == []
    finally:
        assert await asyncio.gather(*jobs) == ["tea"]


async def test_too_few_jobs():
    jobs = [fetch()]
    try:
        assert len(jobs) == 2
    finally:
        assert await asyncio.gather(*jobs) == ["tea"]


async def price(name):
    found = fetch()
    if name is None or not found:
        return 0
    return await found


async def test_it_was_not_needed():
    with pytest.warns(RuntimeWarning):
        assert await price(None) == 1
