"""A look in the loop's own thread at a test that may hang: which tasks wait, and for what."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Iterator
from dataclasses import field
from types import CodeType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import dataclass, replace
from loopcheck.process import futures
from loopcheck.process.loops import queued_work
from loopcheck.process.loops.queued_work import Loop
from loopcheck.process.waiting import await_chain, busy_threads, endless_tasks, waits, wakers
from loopcheck.records import Endless, SpinRecord, WaitRecord
from loopcheck.source.catching import cancel_handlers
from loopcheck.source.statements import while_loops

TIMER = 60.0  # seconds: we wait for a test's own timer if it is due by then


@dataclass(eq=False)
class Seen:
    """What a look in the loop's own thread saw. Lives until the next look."""

    stuck: bool = False
    moves: tuple[object, ...] = ()
    due: float | None = None  # the test's own timer
    helped: bool = False  # other tasks continue soon, and may wake it
    first: list[asyncio.Task[Any]] = field(default_factory=list)
    waiting: list[object] = field(default_factory=list)  # where *first* wait
    found: list[waits.Wait] = field(default_factory=list)
    spin: SpinRecord | None = None
    # The `while` it is in, and what stays the same; None if that is a task's that never ends.
    asks: tuple[object, SpinRecord | None] | None = None
    endless: dict[waits.Wait, Endless] = field(default_factory=dict)  # only a cancel ends them
    workers: dict[waits.Wait, Endless] = field(default_factory=dict)  # and these, if it is stuck
    deaf: bool = False  # the task it waits for received a cancellation, and loops again
    turns: list[waits.Wait] = field(default_factory=list)  # those in a `sleep(0)`: no real wait
    again: SpinRecord | None = None  # the `while` that one of them is in


def look(
    loop: Loop,
    root: object,
    codes: tuple[CodeType, ...],  # of the running test
    since: float,  # when it began, on the wall clock
    until: float,
    labels: Labels,
) -> Seen:
    """Look from within *loop* at the tasks of the test, and at what may wake them."""
    tasks = [task for task in queued_work.pending(loop) if not futures.runs(task)]
    first = first_of(tasks, root, codes)
    found = waits.chain_of(first, tasks)
    turning = {one.task: turn for one in found if (turn := _turns(one, labels)) is not None}
    still = {task: turn for task, turn in turning.items() if turn[0].still}
    no_end = dict(endless_tasks.among(found, len(first), labels))
    for_ever = [one.task for one in no_end]
    resting = [task for task in for_ever if task in still]  # for the others a sleep is a step
    asked = wakers.Question(
        own=[one.task for one in found],
        until=until,
        patience=loop.time() + TIMER,
        turning={task: looked for task, (_, looked) in still.items()},
        endless=resting,
        callers=busy_threads.children_since(since),
    )
    seen = wakers.alive(loop, asked)
    spins = [turn for task, (turn, _) in still.items() if task not in for_ever]
    turns = [one for one in found if _gave_way(one)]
    again = _asks_again(turns, labels)
    return Seen(
        stuck=bool(first) and not seen.all and not any(id(task) in seen.tasks for task in first),
        moves=tuple(part for one in found for part in _moves(one)),
        due=max(
            (seen.timers[id(task)] for task in (*first, *resting) if id(task) in seen.timers),
            default=None,
        ),
        helped=bool(seen.timers or seen.ready) and any(id(task) in seen.tasks for task in first),
        first=first,
        waiting=[stands(task) for task in first],
        found=found,
        spin=next(iter(spins), None),
        asks=_asks_again([*found[: len(first)], *_deaf(found[len(first) :])], labels)
        or _has_no_end(found, no_end),
        endless=no_end,
        workers=dict(endless_tasks.among(found, len(first), labels, workers=True)),
        deaf=any(cancel_handlers.pending(one.task, labels) for one in _deaf(found)),
        turns=turns,
        again=replace(again[1], gives_way="turns") if again is not None else None,
    )


def first_of(
    tasks: list[asyncio.Task[Any]], root: object, codes: tuple[CodeType, ...]
) -> list[asyncio.Task[Any]]:
    """Return the tasks of the test itself."""
    if futures.is_task(root) and any(one.users() for one in waits.chain_of([root], tasks)):
        return [root]
    tested = [task for task in tasks if waits.code_runs(task, codes)]
    if tested:
        return tested[:1]
    if futures.is_future(root) and not futures.is_task(root):
        children = [task for task in tasks if waits.brings(task, root)]  # a runner that is closing
        if children:
            return children
    users = [task for task in tasks if waits.of_task(task).users()]
    return users[:1] or ([root] if futures.is_task(root) else [])


def _turns(wait: waits.Wait, labels: Labels) -> tuple[SpinRecord, list[object]] | None:
    """Return the `while` in which a task sleeps again and again, and what it reads."""
    found = waits.sleeps_in(wait)
    if found is None:
        return None
    frame, turn = found
    step = next((one for one in wait.steps if await_chain.frame_of(one) is frame), None)
    if step is None:
        return None
    return while_loops.record(frame, turn, labels), while_loops.looked_at(frame, step, turn.line)


def _gave_way(wait: waits.Wait) -> bool:
    """Return whether a task continues in the next step of the loop, after an `asyncio.sleep(0)`."""
    return any(one.f_code.co_name == "__sleep0" for one in wait.below())


def _deaf(found: list[waits.Wait]) -> list[waits.Wait]:
    """Return those that were cancelled, and continue: they will not react in any other way."""
    return [one for one in found if futures.cancelling(one.task)]


def _asks_again(found: list[waits.Wait], labels: Labels) -> tuple[object, SpinRecord] | None:
    """Return the test's own `while` that it is in, and what stays the same in it."""
    for wait in found:
        for frame in wait.users()[::-1]:
            if (turn := while_loops.round_of(frame)) is not None:
                same = id(frame.f_code), turn.line, turn.kept
                said = replace(
                    while_loops.record(frame, turn, labels), gives_way="waits", still=False
                )
                return None if turn.clock else (same, said)
    return None


def _has_no_end(
    found: list[waits.Wait], endless_ones: dict[waits.Wait, Endless]
) -> tuple[object, None] | None:
    """Return what stays the same if everything that the test waits for runs for ever."""
    same = endless_tasks.unmoved(found, endless_ones)
    return (same, None) if same is not None else None


def _moves(wait: waits.Wait) -> Iterator[object]:
    """Yield what changes when a task makes progress, or is about to."""
    yield _waiter(wait.task), queued_work.woken(wait.task)
    for frame in wait.users():
        yield id(frame.f_code), frame.f_lasti, tuple(map(id, frame.f_locals.values()))


def _waiter(task: asyncio.Task[Any]) -> object:
    """Return a mark of what *task* waits for: addresses are reused, weak references are not."""
    future: Any = futures.waiter(task)
    return weakref.ref(future) if future is not None else None


def stands(task: asyncio.Task[Any]) -> object:
    """Return the lines that *task* waits in: one that catches its end comes back to the same."""
    return [(id(one.f_code), one.f_lasti) for one in waits.of_task(task).frames()]


def in_words(said: WaitRecord, wait: waits.Wait, seen: Seen) -> WaitRecord:
    """Return *said* about *wait*, which may only be for its turn, or for what never ends."""
    no_end = seen.endless.get(wait) or (seen.workers.get(wait) if seen.stuck else None)
    if no_end is None and wait not in seen.turns:
        return said
    bare = replace(said, subject=None, method=None, holders=())
    if no_end is not None:
        return replace(bare, thing="task", endless=no_end)
    return replace(bare, thing="turn")
