"""What `asyncio.wait` left pending is noted; the wait itself is as it was."""

import asyncio
import traceback
from asyncio import tasks

import pytest

from loopcheck.watch.limits import left_pending


async def ends() -> int:
    return 1


async def stays() -> None:
    await asyncio.Event().wait()


async def wait_for_one() -> int:
    jobs = [asyncio.create_task(ends()), asyncio.create_task(stays())]
    done, pending = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    for one in pending:
        one.cancel()
    return len(done) + len(pending)


async def wait_for_all() -> None:
    await asyncio.wait([asyncio.create_task(ends())])


def test_the_coroutines_and_the_line_of_the_wait_are_noted() -> None:
    undo = left_pending.install()
    try:
        assert asyncio.run(wait_for_one()) == 2
        [found] = left_pending.in_this_test()
        assert (found.code, found.codes) == (wait_for_one.__code__, (stays.__code__,))
        assert found.line == wait_for_one.__code__.co_firstlineno + 2
    finally:
        undo()


def test_a_wait_that_leaves_nothing_is_not_noted() -> None:
    undo = left_pending.install()
    try:
        asyncio.run(wait_for_all())
        assert left_pending.in_this_test() == []
    finally:
        undo()


def test_the_last_undo_puts_back_what_was_there() -> None:
    theirs = tasks._wait  # type: ignore[attr-defined]
    undos = [left_pending.install(), left_pending.install()]
    assert tasks._wait is not theirs  # type: ignore[attr-defined]
    for undo in undos:
        undo()
    assert tasks._wait is theirs  # type: ignore[attr-defined]
    assert not left_pending.kept


def test_an_error_that_passes_has_no_line_of_ours() -> None:
    async def limited() -> None:
        async with asyncio.timeout(0.01):
            await asyncio.wait([asyncio.create_task(stays())])

    undo = left_pending.install()
    try:
        with pytest.raises(TimeoutError) as raised:
            asyncio.run(limited())
    finally:
        undo()
    cause = raised.value.__cause__
    assert cause is not None
    files = [one.filename for one in traceback.extract_tb(cause.__traceback__)]
    assert files
    assert not [one for one in files if "left_pending" in one and "test_" not in one]
