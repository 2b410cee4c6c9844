"""A long turn of a watched loop is timed and its line is seen; nothing else is touched.

Time is what is measured here, so the code under test sleeps; the tests themselves never wait.
"""

import asyncio
import gc
import selectors
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from loopcheck.labels import Labels
from loopcheck.records import Stall
from loopcheck.watch import stalls

LABELS = Labels("/")
HERE = __file__.lstrip("/")
TRIES = 10  # a machine that stands still lets nobody look at a step, or makes any step a long one


def seen(coroutine: Callable[[], Any]) -> list[Stall]:
    stalls.clear()
    with asyncio.Runner() as runner:
        undo = stalls.install(runner.get_loop())
        try:
            runner.run(coroutine())
        finally:
            undo()
    return list(stalls.stalls(LABELS))


def seen_at_last(look: Callable[[], list[Stall]]) -> Stall:
    """Return the one stall that *look* finds in the first of ten tries that sees its line."""
    for _ in range(TRIES):
        found = look()
        if found and found[0].place is not None:
            break
    [one] = found
    return one


async def blocks() -> None:
    await asyncio.sleep(0)
    time.sleep(0.25)


async def blocks_in_a_library() -> None:
    threading.Event().wait(0.2)


async def works() -> None:
    end = time.perf_counter() + 0.2
    while time.perf_counter() < end:
        sum(range(1_000))


def test_a_blocking_call_is_seen_with_its_line_and_seconds() -> None:
    began = time.perf_counter()
    one = seen_at_last(lambda: seen(blocks))
    assert 0.25 <= one.seconds <= time.perf_counter() - began
    assert one.place is not None
    assert (one.place.file.lstrip("/"), one.place.name) == (HERE, "blocks")
    assert one.place.line == blocks.__code__.co_firstlineno + 2
    assert one.call == "time.sleep"


def test_a_call_through_a_library_is_named_by_its_innermost_function() -> None:
    one = seen_at_last(lambda: seen(blocks_in_a_library))
    assert one.place is not None
    assert one.place.name == "blocks_in_a_library"
    assert one.call == "threading.Condition.wait"


def test_work_without_a_call_is_seen_too() -> None:
    one = seen_at_last(lambda: seen(works))
    assert one.place is not None
    assert one.place.name == "works"


def in_a_cell(lines: str, shown_in: float) -> tuple[list[Stall], float]:
    """Return what is counted of a cell, and its seconds: it is over within one turn of the loop."""
    took = [0.0]

    async def shell() -> None:
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        stalls.begin(loop)
        exec(compile(lines, "/tmp/cell.py", "exec"), {"time": time})
        took[0] = time.perf_counter() - began
        threading.Event().wait(shown_in)  # as the shell shows a result, or a traceback
        stalls.end(loop)

    # no frame of the user's: as those of the shell
    shell.__code__ = shell.__code__.replace(co_filename=asyncio.__file__)
    return seen(shell), took[0]


def test_a_cell_that_is_shown_for_long_is_not_stalled() -> None:
    assert any(in_a_cell("x = 1", shown_in=0.2)[0] == [] for _ in range(TRIES))


def test_what_the_shell_does_after_a_cell_is_no_work_of_the_cell() -> None:
    def counts_the_cell_alone() -> bool:
        found, took = in_a_cell("time.sleep(0.2)", shown_in=0.4)
        # It ends at most a look after its line was last seen.
        lines = [one.place and one.place.line for one in found]
        return lines == [1] and 0.2 <= found[0].seconds <= took + stalls.LOOKS

    assert any(counts_the_cell_alone() for _ in range(TRIES))


def test_a_loop_that_waits_is_not_stalled() -> None:
    async def waits() -> None:
        await asyncio.sleep(0.15)
        await asyncio.to_thread(time.sleep, 0.15)

    assert any(seen(waits) == [] for _ in range(TRIES))


def test_the_time_between_two_runs_is_nobodys() -> None:
    def runs_twice() -> tuple[Stall, ...]:
        stalls.clear()
        with asyncio.Runner() as runner:
            undo = stalls.install(runner.get_loop())
            runner.run(asyncio.sleep(0))
            time.sleep(0.15)
            runner.run(asyncio.sleep(0))
            undo()
        return stalls.stalls(LABELS)

    assert any(runs_twice() == () for _ in range(TRIES))


def test_a_loop_nobody_asked_for_is_left_alone() -> None:
    stalls.clear()
    watched = asyncio.new_event_loop()
    undo = stalls.install(watched)
    with asyncio.Runner() as runner:
        assert "_run_once" not in vars(runner.get_loop())
        runner.run(blocks())
    undo()
    watched.close()
    assert stalls.stalls(LABELS) == ()


def test_undo_leaves_loop_selector_and_threads_as_they_were() -> None:
    threads = threading.enumerate()
    loop = asyncio.new_event_loop()
    selector: selectors.BaseSelector = loop._selector  # type: ignore[attr-defined]
    before = set(vars(loop)), set(vars(selector))
    first, second = stalls.install(loop), stalls.install(loop)
    assert len(threading.enumerate()) == len(threads) + 1
    first()
    first()
    assert "_run_once" in vars(loop)
    second()
    assert (set(vars(loop)), set(vars(selector))) == before
    assert threading.enumerate() == threads
    loop.close()


def test_a_hook_that_somebody_wrapped_becomes_a_pass_through() -> None:
    stalls.clear()
    loop = asyncio.new_event_loop()
    undo = stalls.install(loop)
    ours = vars(loop)["_run_once"]
    vars(loop)["_run_once"] = lambda: ours()
    undo()
    loop.run_until_complete(blocks())
    loop.close()
    assert stalls.stalls(LABELS) == ()


def test_a_watched_loop_is_not_kept_alive() -> None:
    loop = asyncio.new_event_loop()
    undo = stalls.install(loop)
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    ref = weakref.ref(loop)
    del loop
    gc.collect()
    assert ref() is None
    undo()


@pytest.mark.parametrize("times", [3])
def test_coming_and_going_piles_up_nothing(times: int) -> None:
    threads = threading.active_count()
    for _ in range(times):
        assert len(seen(blocks)) == 1
    assert threading.active_count() == threads
