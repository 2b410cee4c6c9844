"""Tasks that rightly run for ever, like a heartbeat, while another task waits for their end.

This kind of task checks nothing: it is a `while True` with a sleep, and no exit. The code that
starts it has to cancel it. A worker that takes one item after the other is like it, once nothing
brings it an item any more.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from types import FrameType

from loopcheck.labels import Labels
from loopcheck.process import futures
from loopcheck.process.frames import line_at
from loopcheck.process.waiting import await_chain, waits
from loopcheck.records import Endless, Place
from loopcheck.source import calls, parsed_files
from loopcheck.source.coroutines.task_starters import STARTERS
from loopcheck.source.nodes import head_spans_line, nodes_of, spans_line
from loopcheck.source.statements import while_loops

TAKERS = STARTERS | {"gather", "wait", "as_completed"}


def among(
    found: Sequence[waits.Wait], first: int, labels: Labels, *, workers: bool = False
) -> Iterator[tuple[waits.Wait, Endless]]:
    """Yield those of *found* that run for ever; the *first* are the test's own tasks.

    With *workers* also those that wait for anything else than time.
    """
    for one in found[first:]:
        turn = None if _waits(one, found) else _round(one, workers=workers)
        above = next((up for up in found if waits.waits_for(up, one) and up.users()), None)
        if turn is not None and above is not None:
            yield one, _seen(one, turn, above.users()[-1], labels)


def unmoved(found: Sequence[waits.Wait], endless: Collection[waits.Wait]) -> object | None:
    """Return a state that stays the same while all of *found* wait for the *endless* ones."""
    if not endless or any(one not in endless and not _waits(one, found) for one in found):
        return None
    turns = [_round(one) for one in endless]
    return tuple((frame.f_code, turn.line, turn.kept) for frame, turn in filter(None, turns))


def _waits(one: waits.Wait, found: Sequence[waits.Wait]) -> bool:
    """Return whether *one* continues when another of *found* ends."""
    return any(one is not other and waits.waits_for(one, other) for other in found)


def _round(
    wait: waits.Wait, *, workers: bool = False
) -> tuple[FrameType, while_loops.Round] | None:
    """Return the `while True` that a task sleeps in; with `sleep(0)` it never rests."""
    rests = workers or any(one.f_code.co_name == "sleep" for one in wait.below())
    if not rests or _busy(wait):
        return None
    for frame in wait.users()[::-1]:
        if (turn := while_loops.round_of(frame)) is not None:
            return (frame, turn) if turn.endless else None
    return None


def _busy(wait: waits.Wait) -> bool:
    return any(one.f_code.co_name == "__sleep0" for one in wait.below())


def _seen(
    one: waits.Wait, turn: tuple[FrameType, while_loops.Round], waiter: FrameType, labels: Labels
) -> Endless:
    frame = turn[0]
    code = frame.f_code
    root = await_chain.root_of(futures.coroutine(one.task))
    return Endless(
        coroutine=await_chain.name_of(futures.coroutine(one.task)),
        loop_at=Place(labels.file(code.co_filename), turn[1].line, code.co_name),
        waited_by=await_chain.short(waiter.f_code.co_qualname),
        waited_at=waits.place(waiter, labels),
        started_at=_started(waiter, getattr(root, "co_name", ""), labels),
        group=_leaves_block(waiter),
    )


def _started(waiter: FrameType, name: str, labels: Labels) -> Place | None:
    """Return the only call of *name* in the waiting function that starts a task of it."""
    code = waiter.f_code
    around = parsed_files.enclosing(code.co_filename, line_at(waiter))
    if not around or around[0].name != code.co_name:
        return None
    block = around[0]
    made = [
        one
        for one in calls.within(code.co_filename, name)
        if one.taker in TAKERS and spans_line(block, one.line)
    ]
    return (
        Place(labels.file(code.co_filename), made[0].line, code.co_name) if len(made) == 1 else None
    )


def _leaves_block(waiter: FrameType) -> bool:
    """Return whether *waiter* is at the end of an `async with`."""
    line = line_at(waiter)
    around = parsed_files.enclosing(waiter.f_code.co_filename, line)
    return any(head_spans_line(one, line) for one in nodes_of(ast.AsyncWith, *around[:1]))
