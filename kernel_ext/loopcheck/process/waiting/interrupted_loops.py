"""The `while` that a test was in when a limit for the whole test ended it, like pytest-timeout's.

There is only that one look, so a loop that a clock may end, or that may wait for something else, is
left alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from inspect import CO_COROUTINE
from itertools import pairwise
from types import FrameType

from loopcheck.labels import Labels
from loopcheck.process import objects, thread_stacks
from loopcheck.process.failure import Link, Step
from loopcheck.process.frames import is_users, module_of
from loopcheck.process.pending import spinning_loops
from loopcheck.process.waiting import waits
from loopcheck.records import SpinRecord
from loopcheck.source.statements import while_loops

SLEEPS = {"sleep": "delay", "wait_for": "timeout"}  # and what has their seconds
EQUAL = 1e-6  # seconds: less than a clock moves from there to the loop's wait


def ended_from_outside(link: Link) -> bool:
    """Return whether a limit for the whole test has raised the error, or somebody stopped it."""
    kind = objects.type_name(link.error).rpartition(".")[2]
    return kind in ("KeyboardInterrupt", "Hung") or by_signal(link.trace)


def by_signal(trace: Sequence[Step]) -> bool:
    """Return whether a signal's handler has raised the error: Python gives it the frame above."""
    return any(
        value is above.frame
        for above, below in pairwise(trace)
        for given in thread_stacks.locals_of(below.frame).values()
        for value in (given if type(given) is tuple else (given,))  # `def ring(*_):`
        if type(value) is FrameType
    )


def between_checks(found: Iterable[waits.Wait], labels: Labels) -> SpinRecord | None:
    """Return the `while` in which one of these tasks sleeps between two checks."""
    for frame, turn in filter(None, map(waits.sleeps_in, found)):
        return None if turn.clock else while_loops.record(frame, turn, labels)
    return None


def stands_still(turn: FrameType, waiting: list[waits.Wait]) -> bool:
    """Return whether the loop has as long to wait in *turn* as when a task began to sleep.

    A clock that goes on has moved a little between those two.
    """
    left = thread_stacks.locals_of(turn).get("timeout")
    frames = (frame for one in waiting for frame in one.frames())
    asked = [
        thread_stacks.locals_of(frame).get(SLEEPS[frame.f_code.co_name])
        for frame in frames
        if module_of(frame) == "asyncio.tasks" and frame.f_code.co_name in SLEEPS
    ]
    numbers = [one for one in asked if isinstance(one, int | float)]
    return isinstance(left, float) and any(math.isclose(left, n, abs_tol=EQUAL) for n in numbers)


def in_a_step(trace: Sequence[Step], labels: Labels) -> SpinRecord | None:
    """Return the `while` that a step was in; one without a condition only if it never yields."""
    for step in trace[::-1]:
        if not is_users(step.frame) or not step.frame.f_code.co_flags & CO_COROUTINE:
            continue
        turn = while_loops.round_of(step.frame, step.line)
        if turn is None:
            continue
        waits_on = turn.condition not in ("", "True", "1")
        known = waits_on or spinning_loops.never_yields(step.frame, turn.line)
        return while_loops.record(step.frame, turn, labels) if known and not turn.clock else None
    return None
