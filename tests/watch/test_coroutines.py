"""Coroutines that nobody awaited: dropped or kept, each with the line that made it."""

import asyncio
import sys
import warnings

import pytest

from loopcheck.labels import Labels
from loopcheck.watch.coroutines import Dropped


async def order() -> None:
    """Do nothing, which takes an await."""


def test_a_dropped_one_is_noted_with_its_line_and_still_warned_about() -> None:
    watch = Dropped()
    undo = watch.install()
    with pytest.warns(RuntimeWarning, match="coroutine 'order' was never awaited"):
        order()  # type: ignore[unused-coroutine]
    undo()
    [(name, place)] = watch.read(Labels("/"))
    assert name == "order"
    assert place is not None
    assert place.name == "test_a_dropped_one_is_noted_with_its_line_and_still_warned_about"


def test_a_kept_one_is_named_but_not_one_from_before() -> None:
    before = order()
    watch = Dropped()
    undo = watch.install([("before", before)])
    kept = order()
    found = watch.read(Labels("/"), [("before", before), ("kept", [kept])])
    undo()
    assert [name for name, _ in found] == ["order"]
    before.close()
    kept.close()


def test_one_from_before_that_is_let_go_meanwhile_is_not_of_this_watch() -> None:
    before = [order()]  # as the traceback of an earlier cell holds it
    watch = Dropped()
    undo = watch.install()
    with pytest.warns(RuntimeWarning, match="coroutine 'order' was never awaited"):
        before.clear()
    undo()
    assert watch.read(Labels("/")) == []


def test_what_a_task_will_run_is_not_lost() -> None:
    async def main() -> list[object]:
        watch = Dropped()
        undo = watch.install()
        task = asyncio.create_task(order())
        found = watch.read(Labels("/"), [("task", [task, task.get_coro()])])
        undo()
        await task
        return list(found)

    assert asyncio.run(main()) == []


def test_python_is_left_as_it_was() -> None:
    before = sys.get_coroutine_origin_tracking_depth(), warnings.__dict__.get(WARN)
    undo = Dropped().install()
    undo()
    undo()
    assert before == (sys.get_coroutine_origin_tracking_depth(), warnings.__dict__.get(WARN))


WARN = "_warn_unawaited_coroutine"
