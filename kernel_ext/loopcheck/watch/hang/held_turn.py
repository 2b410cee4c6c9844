"""The step that a loop does not return from: what its frames show, seen from another thread."""

from __future__ import annotations

import asyncio
import opcode
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NamedTuple

from loopcheck.labels import Labels
from loopcheck.process import futures, thread_stacks
from loopcheck.process.frames import is_at, is_users, line_of, module_of, shuts_executor
from loopcheck.process.waiting import await_chain, busy_threads
from loopcheck.records import Holder, Place, SpinRecord, SwallowedCancel
from loopcheck.source.catching import cancel_handlers
from loopcheck.source.statements import while_loops
from loopcheck.watch import stalls

Turn = list[list[tuple[FrameType, int]]]  # the frames of several looks, with where each is

APART = 0.01
LOOKS = 20
LOCKS = frozenset({"acquire", "get", "join"})  # in C, without a frame of their own
# Of pdb and what is built on it, and of PyCharm and VS Code.
DEBUGGERS = frozenset({"bdb", "pydevd", "_pydevd_bundle", "_pydevd_frame_eval"})
WAITS = frozenset({"wait", "join", "_wait_for_tstate_lock"})  # of the module threading


def samples(thread: int, ping: threading.Event, beat: Callable[[], None] = lambda: None) -> Turn:
    """Return the frames of the running step, several times; none if it has ended."""
    found = []
    for turn in taken(thread, ping, beat):
        step = (i for i, (one, _) in enumerate(turn) if is_at(one, "asyncio.events", "_run"))
        found.append(turn[: next(step, 0)])
    return [] if ping.is_set() else [turn for turn in found if turn]


def taken(
    thread: int, over: threading.Event, beat: Callable[[], None] = lambda: None
) -> Iterator[list[tuple[FrameType, int]]]:
    """Yield all frames of *thread* again and again, with where each is, until *over*.

    They take a while, so *beat* is called between them: the calling thread is alive.
    """
    for _ in range(LOOKS):
        beat()
        yield [(one, one.f_lasti) for one in thread_stacks.of(thread)]
        if over.wait(APART):
            return


def read(
    turns: Turn, labels: Labels, *, slept: bool = True
) -> tuple[SpinRecord | None, tuple[Place | None, str | None] | None]:
    """Return the loop that the step spins in, or the call that it does not return from.

    A thread that has not *slept* between the looks may run through a loop: on a busy machine, each
    look can find it at the same place.
    """
    # The code, not the frame: what sleeps may be called anew in each iteration of a `while`.
    leaves = {(id(turn[0][0].f_code), turn[0][1]) for turn in turns}
    line, call = stalls.line_and_call([frame for frame, _ in turns[-1]])
    held = Place(labels.file(line[0]), line[1], line[2]) if line else None, call
    stays = slept and len(leaves) == 1 and not computes(*turns[-1][0])
    if not (stays and call is not None) and (loop := loop_of(turns, labels)) is not None:
        return loop.record, None
    return None, held


def holder(turns: Turn, loop: asyncio.AbstractEventLoop, labels: Labels) -> Holder | None:
    """Return the task of *loop* that holds the lock of threads for which the step waits."""
    from loopcheck.process.waiting import thread_locks  # late: few steps wait for one

    return thread_locks.holder([frame for frame, _ in turns[-1]], loop, labels)


class Spinning(NamedTuple):
    """A loop of user code that a thread is in. Lives until the next look."""

    frame: FrameType
    record: SpinRecord
    clock: bool  # time may end it


def loop_of(turns: Turn, labels: Labels) -> Spinning | None:
    """Return the innermost loop of user code that all looks were in."""
    last = [frame for frame, _ in turns[-1]]
    common = [
        frame for frame in last if all(any(frame is one for one, _ in turn) for turn in turns)
    ]
    for frame in filter(is_users, common):
        lines = {line_of(one.f_code, at) for turn in turns for one, at in turn if one is frame}
        turn = next((t for line in sorted(lines) if (t := while_loops.endless(frame, line))), None)
        if turn is not None:
            found = while_loops.record(frame, turn, labels)
            found = _of_generator(frame, found, labels) or found
            return Spinning(frame, found, turn.clock)
    return None


def swallowed(
    turns: Turn, loop: asyncio.AbstractEventLoop, labels: Labels
) -> tuple[SwallowedCancel, ...]:
    """Return the handler in a spinning step that dropped the cancellation of its task.

    Whoever cancelled the task would have ended the loop. A look from outside finds a function where
    it begins, and seldom at the line that waits: all its handlers count.
    """
    task = asyncio.current_task(loop)
    if task is None or not futures.cancelling(task) or getattr(task, "_must_cancel", True):
        return ()
    ran = {one.f_code: None for turn in turns for one, _ in reversed(turn) if is_users(one)}
    found = cancel_handlers.round_again(tuple(ran), labels)
    return (found,) if found is not None else ()


def _of_generator(consumer: FrameType, found: SpinRecord, labels: Labels) -> SpinRecord | None:
    """Return the `while` of the generator whose items *consumer* iterates, if it is to change.

    That is so if another file has it: whoever iterates can't know that it never yields to the loop.
    """
    line = found.loop_at.line
    turn = while_loops.of_generator(line, consumer) if found.keyword == "async for" else None
    if turn is None:
        return None
    code, line = turn
    return SpinRecord(
        loop_at=Place(labels.file(code.co_filename), line, code.co_name),
        coroutine=await_chain.short(code.co_qualname),
        feeds=found.loop_at,
    )


def call_at(turns: Turn) -> object:
    """Return a mark of the call that the step is in; None if it computes, or waits in a `while`.

    A `while` around a wait, like one with a sleep in it, may see something new in each iteration.
    """
    last = turns[-1]
    if len({(id(turn[0][0]), turn[0][1]) for turn in turns}) > 1 or computes(*last[0]):
        return None
    if any(
        is_users(one) and while_loops.round_of(one, line_of(one.f_code, at)) for one, at in last
    ):
        return None
    return mark(last)


def mark(turn: list[tuple[FrameType, int]], loop: FrameType | None = None) -> object:
    """Return what changes when user code goes on: where it is, and the values of its names.

    In each iteration of a *loop*, it goes through the same places, and calls the same functions
    anew.
    """
    first = next((depth for depth, (one, _) in enumerate(turn) if one is loop), 0)
    mine = [(one, at) for one, at in turn[first:] if is_users(one)]
    places = [(id(one), 0 if one is loop else at) for one, at in mine]
    values = [tuple(map(id, thread_stacks.locals_of(one).values())) for one, _ in mine]
    return places, values


def in_debugger(thread: int) -> bool:
    """Return whether someone looks at *thread* in a debugger: then no limit counts."""
    return any(module_of(one).split(".")[0] in DEBUGGERS for one in thread_stacks.of(thread))


def computes(frame: FrameType, at: int) -> bool:
    """Return whether *frame* begins or jumps, so that no call keeps it.

    Other threads and signals get their turn there, and after calls. So a function that is called
    over and over is often found where it begins.
    """
    code = frame.f_code.co_code
    name = opcode.opname[code[at]] if 0 <= at < len(code) else ""
    return name == "RESUME" or "JUMP" in name


def locked(turns: Turn) -> bool:
    """Return whether the step waits, without a timeout, for another thread to release it."""
    leaves = {(id(turn[0][0]), turn[0][1]) for turn in turns}
    frame = turns[-1][0][0]
    if len(leaves) != 1:
        return False
    if module_of(frame) == "threading" and frame.f_code.co_name in WAITS:
        return thread_stacks.locals_of(frame).get("timeout") in (None, -1)
    if busy_threads.enters_a_lock(frame):
        return True
    return busy_threads.last_name(frame) in LOCKS and while_loops.bare_call(frame)


def joins_executor(thread: int) -> bool:
    """Return whether the loop of *thread* is blocked in the shutdown of its executor.

    Before 3.12 it waits for the executor's threads once more when it is cancelled.
    """
    frames = thread_stacks.of(thread)
    return bool(frames) and module_of(frames[0]) == "threading" and any(map(shuts_executor, frames))
