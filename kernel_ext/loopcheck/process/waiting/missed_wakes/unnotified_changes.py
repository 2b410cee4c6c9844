"""The line that makes true what a task waits for on a condition, and notifies nobody.

A task that waits on a condition checks its state only when it is notified. If the state is as
wanted while the task still waits, a line has changed it without a notification.
"""

from __future__ import annotations

import ast
import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from types import FrameType

from loopcheck.labels import Labels
from loopcheck.process import futures, objects
from loopcheck.process.frames import line_at
from loopcheck.process.loops import queued_work
from loopcheck.process.loops.queued_work import Task
from loopcheck.process.waiting import await_chain, earlier_calls, wakers
from loopcheck.records import Place, UnnotifiedChange
from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.statements import (
    attribute_uses,
    awaited_conditions,
    notifications,
    state_changes,
)
from loopcheck.source.statements.awaited_conditions import Check
from loopcheck.source.statements.state_changes import StateChange
from loopcheck.source.values import assertions, callees, meaning


def of_wait(
    condition: object, name: str, task: Task, frames: Sequence[FrameType], labels: Labels
) -> UnnotifiedChange | None:
    """Return the line that changed what the last of *frames* waits for on *condition*.

    *name* is what user code calls the condition.
    """
    if not frames or not _waits_for_notification(condition, task) or _may_be_notified(task):
        return None
    frame = frames[-1]
    check = awaited_conditions.of(frame, line_at(frame), condition)
    if check is None:
        return _of_bare_wait(name.rpartition(".")[2], frames, labels)
    if not check.holds():
        return None  # nothing has changed it, or it is not known what it is
    parts = [*awaited_conditions.deciding(check)]
    found = [one for part in parts for one in _changes(part) if _silent(one, frame)]
    checked = " and ".join(dict.fromkeys(part.text for part in parts))
    return _record(_sole(found, frames), checked, labels, sole=_in_one_function(found))


def _waits_for_notification(condition: object, task: Task) -> bool:
    """Return whether *task* waits to be notified: not for the lock, after that."""
    if not objects.is_a(condition, asyncio.Condition):
        return False
    waiters, future = objects.peek(condition, "_waiters"), futures.waiter(task)
    kept = [*waiters] if type(waiters) is deque else []
    return any(one is future for one in kept) and not futures.done(future)


def _may_be_notified(task: Task) -> bool:
    """Return whether another task is in a function that notifies, and may still do so."""
    names = notifications.notifying_functions()
    tasks = queued_work.pending(futures.loop(task))
    above = wakers.above([task], None, tasks)
    others = [one for one in tasks if not any(one is up for up in above)]
    frames = (frame for one in others for frame in await_chain.user_frames(futures.coroutine(one)))
    return any(frame.f_code.co_name in names for frame in frames)


def _changes(part: Check) -> Iterable[StateChange]:
    """Yield the lines that may have made *part* hold, as what it reads is now."""
    used = [*nodes_of(ast.Attribute, part.test)]
    inner = {id(one.value) for one in used} | {id(one.func) for one in calls_in(part.test)}
    for node in (*used, *nodes_of(ast.Name, part.test)):
        value = callees.value(node, part.env)
        if id(node) in inner or not meaning.known(value):
            continue
        owner = callees.value(node.value, part.env) if isinstance(node, ast.Attribute) else None
        for one in state_changes.of(calls.last(node) or ""):
            shared = isinstance(node, ast.Attribute) or one.shared
            if shared and _of_kind(one, owner) and _leads_to(one, value):
                yield one


def _of_kind(change: StateChange, owner: object) -> bool:
    """Return whether *change* may be one of an attribute of *owner*."""
    if not change.own or change.kind is None:
        return True
    names = (objects.class_name(kind) for kind in objects.mro(type(owner)))
    return change.kind in {name.rpartition(".")[2] for name in names}


def _leads_to(change: StateChange, value: object) -> bool:
    """Return whether *value* may be what *change* has made."""
    if isinstance(change.given, ast.Constant):
        return type(change.given.value) is type(value) and change.given.value == value
    if change.how in ("added", "removed"):
        filled = _is_filled(value)
        return filled is None or filled is (change.how == "added")
    return True


def _is_filled(value: object) -> bool | None:
    """Return whether a container holds anything, None if that is unknown."""
    size = assertions.length(value)
    return size > 0 if size is not None else None


def _silent(change: StateChange, frame: FrameType) -> bool:
    """Return whether nobody is notified of *change*; what *frame* does itself does not count."""
    waiting = parsed_files.function_of(frame.f_code)
    if change.function is waiting:
        return False
    return not notifications.follows(change.file, change.function, change.line)


def _in_one_function(found: Sequence[StateChange]) -> bool:
    return len({(one.file, one.function.lineno) for one in found}) == 1


def _sole(found: Sequence[StateChange], frames: Sequence[FrameType]) -> StateChange | None:
    """Return the last of *found*, if all are in one function, or only one's is called there."""
    if not _in_one_function(found):
        blocks = [parsed_files.function_of(frame.f_code) for frame in frames]
        called = {calls.last(one.func) for one in calls_in(*blocks)}
        found = [one for one in found if one.function.name in called]
    return max(found, key=lambda one: one.line) if _in_one_function(found) else None


def _record(
    change: StateChange | None, checked: str | None, labels: Labels, *, sole: bool
) -> UnnotifiedChange | None:
    if change is None:
        return None
    place = Place(labels.file(change.file), change.line, change.function.name)
    return UnnotifiedChange(place=place, changed=change.text, checked=checked, sole=sole)


def _of_bare_wait(
    name: str, frames: Sequence[FrameType], labels: Labels
) -> UnnotifiedChange | None:
    """Return the only line that changes something inside the condition, if no line notifies it."""
    if any(True for one in notifications.NOTIFIES for _ in attribute_uses.of(name, one)):
        return None
    found: list[StateChange] = []
    waiting = [parsed_files.function_of(frame.f_code) for frame in frames]
    blocks = [one for one in waiting if one is not None]
    called = {calls.last(call.func) for _, call in earlier_calls.calls_before(frames)}
    for file, function in state_changes.functions_mentioning(name):
        for block in nodes_of(ast.AsyncWith, function):
            if any(calls.last(item.context_expr) == name for item in block.items):
                if notifications.follows(file, function, block.lineno):
                    return None
                if not any(function is one for one in blocks):
                    found += state_changes.changes_in(file, function, block.body)
    found = [one for one in found if one.function.name in called]
    return _record(_sole(found, frames), None, labels, sole=False)
