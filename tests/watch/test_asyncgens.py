"""Asynchronous generators left half-way are noted, and end as they would have ended."""

import asyncio
import contextlib
import gc
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any

import pytest

from loopcheck.watch import asyncgens
from loopcheck.watch.asyncgens import Entry

NAMES = ("_asyncgen_finalizer_hook", "shutdown_asyncgens")
BEFORE = [asyncio.BaseEventLoop.__dict__[name] for name in NAMES]


def hooks() -> list[object]:
    return [asyncio.BaseEventLoop.__dict__[name] for name in NAMES]


@pytest.fixture
def watched() -> Iterator[None]:
    undo = asyncgens.install()
    yield
    undo()


async def rows(closed: list[str]) -> AsyncGenerator[int, None]:
    try:
        for number in range(3):
            yield number
    finally:
        closed.append("closed")


YIELDS = rows.__code__.co_firstlineno + 3


def left(coroutine: Callable[[], Any]) -> list[Entry]:
    asyncio.run(coroutine())
    return asyncgens.since(0)


@pytest.mark.usefixtures("watched")
def test_one_that_is_dropped_is_noted_with_its_yield_and_still_closed() -> None:
    closed: list[str] = []

    async def leaves() -> None:
        async for _ in rows(closed):
            break
        gc.collect()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    [one] = left(leaves)
    assert (one.code, one.line, one.how) == (rows.__code__, YIELDS, "collected")
    assert one.dropped is not None
    assert one.dropped[0].co_name == "leaves"
    assert one.dropped[1] == one.dropped[0].co_firstlineno + 2
    assert not one.half_way()
    assert closed == ["closed"]


@pytest.mark.usefixtures("watched")
def test_one_that_is_held_until_its_loop_closes_is_noted() -> None:
    closed: list[str] = []
    held = rows(closed)

    async def begins() -> None:
        await anext(held)

    [one] = left(begins)
    assert (one.code, one.how, one.dropped) == (rows.__code__, "kept", None)
    assert closed == ["closed"]


@pytest.mark.usefixtures("watched")
def test_one_that_outlives_its_closed_loop_is_noted_as_late() -> None:
    held: list[Any] = [rows([])]

    async def begins() -> None:
        await anext(held[0])

    loop = asyncio.new_event_loop()
    loop.run_until_complete(begins())
    loop.close()
    held.clear()
    gc.collect()
    [one] = asyncgens.since(0)
    assert one.how == "late"
    assert asyncgens.latest() == one.serial


@pytest.mark.usefixtures("watched")
def test_the_one_whose_clean_up_comes_after_the_end_is_cut_short() -> None:
    async def leaves() -> None:
        async for _ in rows([]):
            break

    loop = asyncio.new_event_loop()
    loop.run_until_complete(leaves())
    [one] = asyncgens.since(0)
    assert one.half_way()
    assert not one.cut_short
    asyncgens.closing(loop)
    assert one.cut_short
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


@pytest.mark.usefixtures("watched")
def test_those_that_end_or_are_closed_are_left_alone() -> None:
    async def proper() -> None:
        async for _ in rows([]):
            pass
        async with contextlib.aclosing(rows([])) as closing:
            await anext(closing)
        rows([])  # never begun
        gc.collect()

    assert left(proper) == []


def test_it_goes_as_it_came_and_the_interpreters_hooks_are_not_touched() -> None:
    before = sys.get_asyncgen_hooks()
    first, second = asyncgens.install(), asyncgens.install()
    assert sys.get_asyncgen_hooks() == before
    first()
    first()
    assert hooks() != BEFORE
    second()
    assert hooks() == BEFORE
    assert asyncgens.since(0) == []


LATE = """
import asyncio
from loopcheck.watch import asyncgens

async def rows():
    yield 1
    yield 2

async def first(rows):
    for one in rows:
        await anext(one)

asyncgens.install()
loop = asyncio.new_event_loop()
left = [rows() for _ in range(300)]
loop.run_until_complete(first(left))
loop.close()
left.clear()
others = [bytes([255]) * size for size in range(64, 480, 8) for _ in range(400)]
seen = [entry.generator() for entry in asyncgens.since(0)]
assert seen == [None] * 300, seen
asyncgens.clear()
"""


def test_one_that_outlives_its_loop_leaves_no_reference_to_what_is_gone() -> None:
    command = [sys.executable, "-c", LATE]  # it crashed the process
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
