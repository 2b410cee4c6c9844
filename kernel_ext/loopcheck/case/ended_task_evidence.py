"""Adds to the Evidence of a failure the task that it relied on, and that ended with its loop.

`asyncio.run(bot.connect())` closes its loop as it returns, and cancels what `connect` has started.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import failure, futures, object_names, objects
from loopcheck.process.frames import line_at
from loopcheck.process.loops import loop_records
from loopcheck.process.pending import premature_asserts
from loopcheck.process.waiting import await_chain, wakers
from loopcheck.records import EndedEarly, Evidence, HangRecord, LoopRecord, Place
from loopcheck.runner import fixtures
from loopcheck.watch import loop_leaks
from loopcheck.watch.loops import LEDGER

Ended = tuple[Any, LoopRecord]  # the task, and its loop as a record
NODES = 3_000


def of_failure(evidence: Evidence, error: BaseException, item: Any, labels: Labels) -> Evidence:
    """Return *evidence* with the task that should have delivered the missing thing, but ended."""
    ended = list(_ended(labels)) if loop_leaks.cut_off else []
    if not ended:
        return evidence
    found = _waited_for(evidence.hang, error, ended, item, labels) if evidence.hang else None
    found = found or _asked_for(error, ended, item, labels)
    return replace(evidence, ended_early=found)


def _ended(labels: Labels) -> Iterator[Ended]:
    """Yield the user's tasks that were cut off by the end of a loop that user code created."""
    for task in list(loop_leaks.cut_off):
        loop = futures.loop(task)
        made = LEDGER.find(loop) if futures.cancelled(task) else None
        if made is None or made.scope is not None or not _users(task):
            continue
        record = loop_records.read_loop(loop, labels, made)
        if record.made_at is not None and record.state == "closed":
            yield task, record


def _users(task: Any) -> bool:
    code = await_chain.root_of(futures.coroutine(task))
    return type(code) is CodeType and await_chain.owner(code) == "user"


def _waited_for(
    hang: HangRecord, error: BaseException, ended: list[Ended], item: Any, labels: Labels
) -> EndedEarly | None:
    """Return the task with the same owner as what the test waited for, if no other can deliver it.

    The owner is a value of a fixture, or a global: both can be reached from there.
    """
    last = next((one for one in hang.waits if one.thing != "task"), None)
    if not hang.proved or last is None or last.holders or last.died or not last.stack:
        return None
    frame = _frame_at(error, last.stack[-1], labels)
    name = last.subject.name.partition(".")[0] if last.subject is not None else ""
    thing = frame.f_locals.get(name) if frame is not None else None
    if frame is None or thing is None:
        return None
    for task, loop in ended:
        way = _way(task, frame, item)
        if way is not None and (
            way.root.value is thing or wakers.leads_to([way.root.value], thing, NODES)
        ):
            return _record(task, way, loop, last.stack[-1], waits=True)
    return None


def _asked_for(
    error: BaseException, ended: list[Ended], item: Any, labels: Labels
) -> EndedEarly | None:
    """Return the task that the failing line finds not done."""
    asked = premature_asserts.asked(error)
    if asked is None or not _says_not(asked.step):
        return None  # with several conditions it is unknown which one failed
    for task, loop in ended:
        if ("done", id(task)) in asked.sight.keys:
            way = _way(task, asked.frame, item)
            if way is not None:
                return _record(task, way, loop, asked.place(labels), waits=False)
    return None


def _says_not(step: ast.stmt) -> bool:
    """Return whether *step* is `assert not` one call."""
    test = step.test if isinstance(step, ast.Assert) else None
    negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    return negated and isinstance(getattr(test, "operand", None), ast.Call)


def _frame_at(error: BaseException, place: Place, labels: Labels) -> FrameType | None:
    for link in failure.chain(error):
        for step in link.trace:
            code = step.frame.f_code
            if (labels.file(code.co_filename), step.line) == (place.file, place.line):
                return step.frame
    return None


def _way(task: object, frame: FrameType, item: Any) -> object_names.Way | None:
    roots = list(fixtures.roots(item)) if item is not None else []
    roots += object_names.roots_of(frame, line_at(frame))
    return object_names.find((one for one in roots if one.wide or one.keeper == "fixture"), [task])


def _record(
    task: Any, way: object_names.Way, loop: LoopRecord, place: Place, *, waits: bool
) -> EndedEarly:
    return EndedEarly(
        name=way.path,
        type=objects.type_name(task),
        coroutine=premature_asserts.name(task),
        loop=loop,
        place=place,
        waits=waits,
    )
