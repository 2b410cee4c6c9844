"""Adds to the Evidence of a failure what its test waited for in vain until a limit ended it."""

from __future__ import annotations

import asyncio
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import failure, futures, objects
from loopcheck.process.loops import queued_work
from loopcheck.process.waiting import expired_limits, interrupted_loops, waits
from loopcheck.records import Died, Evidence, HangRecord, SpinRecord
from loopcheck.runner import fixtures
from loopcheck.watch.hang.ways_to_end import Stopped
from loopcheck.watch.limits.asyncio_limits import Limits

RAISED_IN = ("asyncio.timeouts", "asyncio.tasks", "anyio._core._tasks", "aiohttp.helpers")


def of_failure(
    evidence: Evidence, error: BaseException, item: Any, limits: Limits, labels: Labels
) -> Evidence:
    """Return *evidence* with the wait that could never end, if the test failed because of one."""
    if any(stall.missed for stall in evidence.stalls):
        return evidence  # the loop was blocked meanwhile: only the time limit has passed
    blocked = any(stall.blocked for stall in evidence.stalls)
    hang = _ran_out(evidence, error, limits) or _interrupted(
        error, item, limits, labels, blocked=blocked
    )
    if hang is None:
        return evidence
    return with_fixtures(replace(evidence, hang=hang), item, limits, labels)


def with_fixtures(evidence: Evidence, item: Any, limits: Limits, labels: Labels) -> Evidence:
    """Return *evidence* with the test's fixtures, if one may live on the loop of a holder."""
    seen = evidence.hang.waits if evidence.hang is not None else ()
    if any(one.loop for wait in seen for one in wait.holders) and not evidence.fixtures:
        loops = {scope: limits.in_words(loop) for scope, loop in fixtures.runners(item).items()}
        found = fixtures.read_fixtures(item, labels, loops)
        evidence = replace(evidence, fixtures=found)
    return evidence


def with_hidden_error(evidence: Evidence, error: BaseException, labels: Labels) -> Evidence:
    """Return *evidence* with the error that the clean-up was for, if the wait is part of one."""
    if evidence.hang is None:
        return evidence
    links = tuple(failure.chain(error))
    for link in links:
        ended = objects.is_a(link.error, asyncio.CancelledError) or objects.is_a(
            link.error, Stopped
        )
        if not ended or not failure.hid_another(link):
            continue
        context = link.error.__context__
        first = next((one for one in links if one.error is context), None)
        if first is not None and objects.is_a(context, Exception) and first.user is not None:
            place = first.user.place(labels)
            name = first.user.frame.f_code.co_name
            hidden = Died(coroutine=name, type=objects.type_name(context), place=place)
            return replace(evidence, hang=replace(evidence.hang, hidden=hidden))
    return evidence


def _ran_out(evidence: Evidence, error: BaseException, limits: Limits) -> HangRecord | None:
    """Return the wait ended by asyncio's TimeoutError; its line is in the traceback.

    If a signal ended the test afterwards, no line is: the clean-up after that error hung.
    """
    seen = limits.of_this_test()
    if seen and interrupted_loops.by_signal(_interrupting(error)):
        return seen[-1]
    timed = any(e.type == "TimeoutError" and e.module in RAISED_IN for e in evidence.errors)
    if not seen or not (timed or _hid_a_cancellation(error)):
        return None
    lines = {frame.place for error in evidence.errors for frame in error.frames}
    mine = (one for one in seen if any(set(wait.stack[-1:]) & lines for wait in one.waits))
    return next(mine, None)


def _hid_a_cancellation(error: BaseException) -> bool:
    """Return whether a clean-up failed when a limit ended a wait: then no limit raises an error."""
    return any(
        failure.hid_another(link) and objects.is_a(link.error.__context__, asyncio.CancelledError)
        for link in failure.chain(error)
    )


def _interrupted(
    error: BaseException, item: Any, limits: Limits, labels: Labels, *, blocked: bool
) -> HangRecord | None:
    """Return what the test waited for, or kept checking, when a signal interrupted it.

    *blocked*: a call has blocked one of its steps, so a loop around it went round seldom, or never.
    """
    trace = _interrupting(error)
    limited = interrupted_loops.by_signal(trace)
    names = [(step.module, step.frame.f_code.co_name) for step in trace]
    turn = max((i for i, name in enumerate(names) if name[1] == "_run_once"), default=None)
    if turn is None:  # the error has come through the step of a task
        spins = limited and not blocked
        return _spun(interrupted_loops.in_a_step(trace, labels)) if spins else None
    loop: Any = trace[turn].frame.f_locals.get("self")
    if not objects.is_loop(loop) or objects.closed(loop) or asyncio._get_running_loop():
        return None
    runs = [step.frame for step in trace[:turn] if step.frame.f_locals.get("self") is loop]
    roots = [frame.f_locals.get("future") for frame in runs]
    root = next((one for one in roots if futures.is_task(one) and not futures.done(one)), None)
    if root is None:
        return None
    found = None
    if names[turn + 1 : turn + 2] == [("selectors", "select")]:
        found = expired_limits.read(
            waits.of_task(root), loop, limits.loops(item), item, labels, limits.in_words, None
        )
    if found is not None:
        return replace(found, limited=False)
    waiting = waits.chain_of([root], queued_work.pending(loop)) if limited else []
    if interrupted_loops.stands_still(trace[turn].frame, waiting):
        from loopcheck.watch.hang import stopped_clock  # late: most clocks go on

        frames = [frame for one in waiting for frame in one.users()]
        clock = stopped_clock.read(loop, frames, item, labels)
        if clock is not None:
            said = waits.read(waiting, loop, item, labels)
            return HangRecord(proved=False, waits=said, clock=clock, interrupted=True)
    return _spun(interrupted_loops.between_checks(waiting, labels))


def _interrupting(error: BaseException) -> tuple[failure.Step, ...]:
    """Return the frames of *error*, or of the part of a group that a signal's handler raised.

    A signal may interrupt any step: in a task of a `TaskGroup`, its error is a part of a group.
    """
    links = failure.chain(error)
    first = next(links)
    if not objects.is_a(error, BaseExceptionGroup):
        return first.trace
    return next((one.trace for one in links if interrupted_loops.by_signal(one.trace)), first.trace)


def _spun(spin: SpinRecord | None) -> HangRecord | None:
    return HangRecord(proved=False, spin=spin, interrupted=True) if spin is not None else None
