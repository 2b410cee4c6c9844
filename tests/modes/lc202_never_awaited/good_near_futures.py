"""Tests that fail for other reasons, with a task or a future on the failing line."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def price(fruit):
    return len(fruit)


class Shop:
    def __init__(self):
        self.work = asyncio.create_task(price("plum"))


async def test_no_work_is_left():
    shop = Shop()
    try:
        assert shop.work == None  # noqa: E711
    finally:
        await shop.work


async def test_both_have_one_task():
    one, other = Shop(), Shop()
    try:
        assert one.work == other.work
    finally:
        await asyncio.gather(one.work, other.work)


async def test_a_result_is_read():
    shop = Shop()
    await shop.work
    assert shop.work.result() == 3


async def test_a_method_is_misspelt():
    shop = Shop()
    await shop.work
    shop.work.add_done_calback(print)


async def test_a_task_is_one_of_the_tasks():
    shop = Shop()
    await shop.work
    assert shop.work in asyncio.all_tasks()
