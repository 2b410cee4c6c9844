"""Adds to the Evidence of a failure what was still in progress: tasks, suspended generators."""

from __future__ import annotations

import ast
import asyncio
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from types import FrameType, TracebackType
from typing import Any, cast

from loopcheck.case import generator_evidence
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import failure, futures, objects
from loopcheck.process.failure import Step
from loopcheck.process.frames import line_at
from loopcheck.process.loops import loop_records, stalled_loops
from loopcheck.process.loops.live_loops import Loop
from loopcheck.process.pending import (
    closed_early,
    ended_tasks,
    failed_polls,
    generator_cleanups,
    held_coroutines,
    premature_asserts,
    refusing_conditions,
    spinning_loops,
    surviving_tasks,
)
from loopcheck.process.waiting import await_chain, stalled_helpers, waits
from loopcheck.records import (
    CutOff,
    Evidence,
    LeftGenerator,
    NeverAwaited,
    Place,
    Premature,
    SwallowedCancel,
)
from loopcheck.runner import fixtures, loop_scopes
from loopcheck.source import effects, project_files
from loopcheck.source.catching import cancel_handlers
from loopcheck.source.nodes import mentioned, nodes_of
from loopcheck.source.values import callees, meaning
from loopcheck.watch import asyncgens, loop_leaks
from loopcheck.watch.limits import timeouts
from loopcheck.watch.loops import LEDGER

DROPPED = 20  # generators to look at for one failure


def of_failure(
    evidence: Evidence,
    error: BaseException,
    item: Any,
    since: tuple[int, int],
    labels: Labels,
    closed: tuple[Premature, ...] = (),
) -> Evidence:
    """Return *evidence* with what the failing line relied on, and what happened to it.

    *since* has two serial numbers: of the last generator left before the test, and of the last
    timeout lost before it. *closed* has the changes that tasks were about to make which have ended
    since.
    """
    loops_there = LEDGER.loops(fixtures.runners(item).values())
    away = _away(_home(error, item), item, labels)
    error = _alone(error)
    asked = premature_asserts.asked(error)
    # A generator left suspended, or a task being cancelled, removes values: neither would fill what
    # is None.
    said = asked if asked is not None and not asked.of_none else None
    users = next(failure.chain(error)).users
    half_way = _half_way(said, since[0], loops_there, users) if said is not None else []
    early = asked is not None and not half_way  # else the task is asyncio's: it closes them
    found = (
        premature_asserts.read(asked, error, loops_there, labels, away) if asked and early else ()
    )
    if asked is not None and early and not found:
        waiting = {premature_asserts.name(task) for task in premature_asserts.pending(loops_there)}
        closed = tuple(one for one in closed if one.coroutine not in waiting)  # it ran after all
        found = tuple(one for one in closed if one.place == asked.place(labels))
    if not found and evidence.hang is None:
        found = failed_polls.read(error, loops_there, labels, away)
    if asked is not None and not found:
        found = tuple(_cut_off_work(asked, error, labels))[:1]
    if asked is not None and not found:
        unbegun = (*_kept_by_mocks(asked, item, labels), *_held(asked, error, item, labels))
        evidence = replace(evidence, dropped=(*evidence.dropped, *unbegun))
    if any(one.loop for one in found) and not evidence.fixtures:
        evidence = replace(evidence, fixtures=fixtures.read_fixtures(item, labels, {}))
    return replace(
        evidence,
        failed=True,
        generators=_left(half_way, item, labels, users)
        if said is not None
        else tuple(_refused(error, item, since[0], loops_there, labels))
        or tuple(_closed(error, item, since[0], labels)),
        premature=found,
        spun=spinning_loops.read(error, loops_there, labels) if evidence.hang is None else None,
        cut_off=_cut_off(asked, item, labels) if asked is not None else None,
        cancels=tuple(dict.fromkeys(_swallowed(error, said, since[1], loops_there, labels))),
    )


def _cut_off_work(
    asked: premature_asserts.Asked, error: BaseException, labels: Labels
) -> Iterator[Premature]:
    """Yield the tasks that the end of a loop cut off, and that would have changed what is read.

    The line reads it itself, or through the endpoint of an application that it requests.
    """
    work = sys.modules.get("loopcheck.watch.cut_off_work")  # loaded when a loop left some
    left = work.of_this_test() if work is not None else ()
    sights = [asked.sight, _served(error)] if left else []
    for sight, one in itertools.product(sights, left):
        kinds = {id(held): type(held) for held in sight.held}
        shared = {key for key, kind in kinds.items() if one.kinds.get(key) is kind}
        text = effects.common(sight, one.changes, of=shared)
        if text is not None:
            waits_at, made_at = (
                Place(labels.file(at[0]), at[1], at[2]) if at is not None else None
                for at in (one.waits_at, one.made_at)
            )
            yield Premature(
                asked=text,
                place=asked.place(labels),
                coroutine=one.coroutine,
                waits_at=waits_at,
                started=one.started,
                cut_off=True,
                made_at=made_at,
            )


def _served(error: BaseException) -> effects.Sight:
    """Return what the endpoints read that answer the requests of the failing line."""
    from loopcheck.process.patches import served_functions  # late: few loops cut work off

    link = next(iter(failure.chain(error)))
    step = link.user
    functions = served_functions.endpoints(link, step) if step is not None else ()
    return effects.returned_by(functions)


def _kept_by_mocks(
    asked: premature_asserts.Asked, item: Any, labels: Labels
) -> Iterator[NeverAwaited]:
    """Yield the coroutines that mocks received and that would have changed what the line reads."""
    makers = sys.modules.get("loopcheck.watch.mock_makers")  # loaded with the first mock
    mocks = makers.made_in_this_test() if makers is not None else ()
    if not mocks:
        return
    from loopcheck.process.doubles import kept_coroutines  # late, like the next: few tests mock
    from loopcheck.source.coroutines import never_awaited

    kept = {id(one.coroutine): one for one in kept_coroutines.find(mocks)}
    coroutines = [one.coroutine for one in kept.values()]
    found: dict[NeverAwaited, None] = {}
    for coroutine in premature_asserts.unbegun(asked, coroutines):
        one = never_awaited.read_kept(coroutine, kept[id(coroutine)].taker, item, labels)
        if one is not None:
            found[replace(one, used_at=asked.place(labels))] = None
    yield from found


def _held(
    asked: premature_asserts.Asked, error: BaseException, item: Any, labels: Labels
) -> Iterator[NeverAwaited]:
    """Yield the coroutines that names hold and that would have changed what the line reads.

    A later line of the test may await them: then that is too late for the line that failed.
    """
    frames = [one.frame for one in next(iter(failure.chain(error))).users]
    coroutines = held_coroutines.find(frames)
    if not coroutines:
        return
    from loopcheck.source.coroutines import never_awaited  # late: few tests hold one

    found: dict[NeverAwaited, None] = {}
    for coroutine in premature_asserts.unbegun(asked, coroutines):
        one = never_awaited.read_held(coroutine, item, labels)
        if one is not None:
            found[replace(one, used_at=asked.place(labels))] = None
    yield from found


def of_closing(error: BaseException, loop: Loop, labels: Labels) -> tuple[Premature, ...]:
    """Return what *loop* was about to change when *error* closes it: the report comes too late.

    anyio and `asyncio.run` close the loop of a failed test before pytest sees its error.
    """
    error = _alone(error)
    asked = premature_asserts.asked(error)
    away = _away(loop, None, labels)
    return premature_asserts.read(asked, error, LEDGER.loops([loop]), labels, away) if asked else ()


def of_comparison(frame: FrameType, loop: Loop, labels: Labels) -> tuple[Premature, ...]:
    """Return what tasks are about to change while an assertion of *frame* fails.

    The error is not raised yet: on its way it may end these tasks, for instance at the end of the
    `async with` that runs a worker.
    """
    line = TracebackType(None, frame, frame.f_lasti, line_at(frame))
    error = AssertionError().with_traceback(line)
    asked = premature_asserts.asked(error)
    away = _away(loop, None, labels)
    found = premature_asserts.read(asked, error, [loop], labels, away, new=False) if asked else ()
    return tuple(one for one in found if one.coroutine is not None and not one.timer)


def _alone(error: BaseException) -> BaseException:
    """Return the only error inside *error*: task groups wrap whatever leaves their block."""
    while objects.is_a(error, BaseExceptionGroup):
        parts = cast("BaseExceptionGroup[BaseException]", error).exceptions
        if len(parts) != 1:
            break
        error = parts[0]
    return error


def _cut_off(asked: premature_asserts.Asked, item: Any, labels: Labels) -> CutOff | None:
    """Return the task on which the line calls `done()`, if it ended with an earlier test's loop."""
    step = asked.step
    if not isinstance(step, ast.Assert) or isinstance(step.test, ast.BoolOp):
        return None  # with several conditions it is unknown which one failed
    for task in list(loop_leaks.cut_off):
        text, loop = asked.sight.keys.get(("done", id(task))), futures.loop(task)
        made = LEDGER.find(loop) if text is not None and futures.done(task) else None
        if text is None or made is None or made.scope != "function" or made.died is None:
            continue
        return CutOff(
            asked=text,
            place=asked.place(labels),
            coroutine=premature_asserts.name(task),
            loop=loop_records.read_loop(loop, labels, made),
            same_file=(made.node or "").partition("::")[0] == item.nodeid.partition("::")[0],
        )
    return None


def _home(error: BaseException, item: Any) -> Loop | None:
    """Return the loop that ran the failing lines, None if no loop did."""
    runner = fixtures.runners(item).get(str(loop_scopes.of_test(item)))
    return runner or failure.ran_on(next(failure.chain(error)))


def _away(home: Loop | None, item: Any, labels: Labels) -> premature_asserts.Away:
    """Return a function that tells on which loop a task lives, if not on *home*, the test's own."""

    def away(loop: Loop, task: Any) -> premature_asserts.There | None:
        if home is None or loop is home:
            return None
        known = LEDGER.find(loop)
        record = loop_records.read_loop(loop, labels, known)
        fixture, begun = None, True
        if task is not None:
            begun = not await_chain.is_new(futures.coroutine(task))
            fixture = (
                stalled_helpers.fixture_of(waits.of_task(task), record, item) if item else None
            )
        idle = known is not None and stalled_loops.meanwhile(record, known.callers, begun=begun)
        return premature_asserts.There(record, fixture, idle)

    return away


def _half_way(
    asked: premature_asserts.Asked, since: int, loops_there: Iterable[Loop], steps: Sequence[Step]
) -> list[asyncgens.Entry]:
    """Return the generators whose clean-up would have changed the value that the line checks."""
    return _half_way_if(
        lambda one: generator_cleanups.changes(asked.sight, one), since, loops_there, steps
    )


def _half_way_if(
    changes: Callable[[Any], bool], since: int, loops_there: Iterable[Loop], steps: Sequence[Step]
) -> list[asyncgens.Entry]:
    """Return the generators whose clean-up *changes* what the failing line read.

    Of the generators that still have a reference, fixtures among them, only those that a function
    of the failing lines iterates.
    """

    def would_change(entry: asyncgens.Entry) -> bool:
        generator = entry.generator()
        return generator is not None and changes(generator)

    living = [one for one in asyncgens.living(loops_there) if would_change(one)]
    dropped = asyncgens.since(since)
    inner = [each for one in dropped[:DROPPED] for each in asyncgens.iterated_by(one)]
    return [
        *filter(would_change, (*dropped, *inner)),
        *(one for one in living if generator_evidence.held(one, steps) is not None),
    ]


def _refused(
    error: BaseException, item: Any, since: int, loops_there: Iterable[Loop], labels: Labels
) -> Iterator[LeftGenerator]:
    """Yield the generator whose clean-up would have prevented a refusal by user code."""
    for link in failure.chain(error):
        for refusal in refusing_conditions.of(link):
            changes = partial(
                generator_cleanups.changes,
                refusal.sight,
                useless=refusal.useless,
                hoped=refusal.hoped,
            )
            entries = _half_way_if(changes, since, loops_there, link.users)
            found = _left(entries, item, labels, link.users)
            yield from (replace(one, refused_at=refusal.step.place(labels)) for one in found)
            if found:
                return


def _left(
    entries: list[asyncgens.Entry], item: Any, labels: Labels, steps: Sequence[Step]
) -> tuple[LeftGenerator, ...]:
    """Return *entries* as records, each with the line that left it suspended."""
    found = (
        generator_evidence.read(entries, item, (), labels, project_files.files, steps)
        if entries
        else ()
    )
    return tuple(replace(one, asserted=True) for _, one in found)


def _closed(error: BaseException, item: Any, since: int, labels: Labels) -> Iterator[LeftGenerator]:
    """Yield the dropped generator whose clean-up has closed what the failing line uses."""
    dropped = asyncgens.since(since) if closed_early.says_closed(error) else []
    for entry in dropped[:DROPPED]:
        for _, left in generator_evidence.read([entry], item, (), labels, project_files.files):
            name = closed_early.used(left, entry.code, error, item, labels)
            if name is not None and entry.how == "collected":
                yield replace(left, closed=name)
                return


def _swallowed(
    error: BaseException,
    asked: premature_asserts.Asked | None,
    since: int,
    loops_there: Iterable[asyncio.AbstractEventLoop],
    labels: Labels,
) -> Iterator[SwallowedCancel]:
    """Yield the cancellations lost in the failing test, as far as they matter to its failure."""
    unraised = premature_asserts.did_not_raise(error)
    for overdue in timeouts.since(since):
        lost = cancel_handlers.lost_timeout(overdue.lines(), labels)
        if lost is None:
            continue
        missed = unraised is not None or premature_asserts.misses_an_error(error, overdue.lines())
        if missed or not lost.expected:
            yield lost
    for task in premature_asserts.pending(loops_there):
        if (one := cancel_handlers.pending(task, labels)) is not None:
            yield one
    yield from ended_tasks.read(error, labels)
    if asked is not None:
        yield from surviving_tasks.read(asked, labels)
        yield from surviving_tasks.missed(asked, labels)
    about = unraised or asked
    if about is not None and _about_cancelling(about.step):
        for task in _named(about):
            if (one := cancel_handlers.ended(task, labels)) is not None:
                yield one
            else:
                yield from surviving_tasks.dropped_on_the_way(task, about, labels)
    if unraised is not None:
        yield from surviving_tasks.not_raised(unraised, labels)


def _about_cancelling(step: ast.stmt) -> bool:
    """Return whether the failing line expects something to be cancelled."""
    return not {"cancelled", "CancelledError"}.isdisjoint(mentioned(step))


def _named(about: premature_asserts.Asked) -> Iterator[Any]:
    """Yield the tasks that names and attributes in the failing line lead to."""
    env = meaning.names_of(about.frame)
    for node in nodes_of((ast.Name, ast.Attribute), about.step):
        thing = callees.value(node, env)
        for one in (thing, *(value for _, value in objects.steps(thing))):
            if futures.is_task(one):
                yield one
