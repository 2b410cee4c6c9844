"""The `while` that a test was in when a limit for the whole test ended it, like pytest-timeout's.

There is only that one look, so a loop that a clock may end, or that may wait for something else, is
left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import CO_COROUTINE
from itertools import pairwise
from types import FrameType

from loopcheck.labels import Labels
from loopcheck.process import objects, thread_stacks
from loopcheck.process.failure import Link, Step
from loopcheck.process.frames import is_users
from loopcheck.process.pending import spinning_loops
from loopcheck.process.waiting import waits
from loopcheck.records import SpinRecord
from loopcheck.source.statements import while_loops


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
