"""Errors of every kind that have nothing to do with loops."""

import asyncio
import json

import pytest


class StockError(Exception):
    pass


async def load(stock, name):
    await asyncio.sleep(0)
    return stock[name]


def test_key():
    {"bread": 1}["butter"]


def test_type():
    "3" + 4


def test_recursion():
    def again():
        return again()

    again()


@pytest.mark.asyncio
async def test_async_key():
    await load({}, "bread")


@pytest.mark.asyncio
async def test_attribute():
    (await load({"bread": None}, "bread")).price


@pytest.mark.asyncio
async def test_json():
    json.loads("{")


@pytest.mark.asyncio
async def test_chained():
    try:
        await load({}, "bread")
    except KeyError as exc:
        raise StockError("no bread") from exc


@pytest.mark.asyncio
async def test_context():
    try:
        await load({}, "bread")
    except KeyError:
        raise StockError("no bread") from None


@pytest.mark.asyncio
async def test_runtime_error():
    raise RuntimeError("the oven is off")


@pytest.mark.asyncio
async def test_group():
    async with asyncio.TaskGroup() as group:
        group.create_task(load({}, "bread"))
        group.create_task(load({}, "butter"))


@pytest.mark.asyncio
async def test_division_in_a_task():
    async def halve():
        return 1 / 0

    await asyncio.create_task(halve())


@pytest.mark.asyncio
async def test_thread():
    await asyncio.to_thread(int, "bread")


@pytest.mark.asyncio
async def test_invalid_state():
    asyncio.get_running_loop().create_future().result()


@pytest.mark.asyncio
async def test_queue_is_empty():
    asyncio.Queue().get_nowait()


@pytest.mark.asyncio
async def test_wrong_argument():
    await load("bread")
