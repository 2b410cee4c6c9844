"""Why items of a queue are never marked: a way out without `task_done()`, or a cancelled task."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from types import CodeType, FrameType

from loopcheck.labels import Labels
from loopcheck.process import futures
from loopcheck.process.frames import line_at
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.queued_work import Task
from loopcheck.process.waiting import await_chain
from loopcheck.records import CancelledConsumer, Place, UnmarkedItem
from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import calls_in
from loopcheck.source.statements import exit_paths
from loopcheck.source.values import meaning

TAKES, MARKS = frozenset({"get", "get_nowait"}), frozenset({"task_done"})


def of_wait(queue: object, tasks: Iterable[Task], labels: Labels) -> UnmarkedItem | None:
    """Return the only line at which one of *tasks* may leave an item of *queue* unmarked."""
    found = dict[Place, UnmarkedItem]()
    for task in tasks:
        for frame in await_chain.user_frames(futures.coroutine(task)):
            one = _left_by(frame, queue, labels)
            if one is not None:
                found[one.left_at] = one
    return next(iter(found.values())) if len(found) == 1 else None


def _left_by(frame: FrameType, queue: object, labels: Labels) -> UnmarkedItem | None:
    code = frame.f_code
    block = parsed_files.function_of(code)
    if block is None:
        return None
    uses = [
        (call, call.func.attr)
        for call in calls_in(*block.body)
        if isinstance(call.func, ast.Attribute) and call.func.attr in TAKES | MARKS
        if meaning.of(call.func.value, frame) is queue
    ]
    takes = [call for call, name in uses if name in TAKES]
    marks = [call for call, name in uses if name in MARKS]
    left = exit_paths.left_open(block, takes, marks) if takes and marks else []
    if not left:
        return None
    file = labels.file(code.co_filename)
    taken = max((one.lineno for one in takes if one.lineno <= left[0].line), default=0)
    return UnmarkedItem(
        function=await_chain.short(code.co_qualname),
        taken_at=Place(file, taken or takes[0].lineno, code.co_name),
        left_at=Place(file, left[0].line, code.co_name),
        goes_on=left[0].how == "next",
    )


def cancelled(
    name: str, loop: object, frames: Sequence[FrameType], labels: Labels
) -> CancelledConsumer | None:
    """Return the task that marked items of what is called *name*, and the line that cancelled it.

    *frames* are those of user code that wait. No task that still runs marks items.
    """
    attribute = name.rpartition(".")[2]
    ended = [one for one in live_loops.every() if futures.is_task(one)]
    ended = [one for one in ended if futures.loop(one) is loop and futures.cancelled(one)]
    codes = [getattr(futures.coroutine(one), "cr_code", None) for one in ended]
    marked = [code for code in codes if type(code) is CodeType and _marks(code, attribute)]
    cancels = [
        Place(labels.file(frame.f_code.co_filename), call.lineno, frame.f_code.co_name)
        for frame in frames
        for call in calls_in(parsed_files.function_of(frame.f_code))
        if calls.last(call.func) == "cancel" and call.lineno < line_at(frame)
    ]
    if not marked or len(cancels) != 1:
        return None
    coroutine = await_chain.short(marked[0].co_qualname)
    return CancelledConsumer(coroutine=coroutine, place=cancels[0])


def _marks(code: CodeType, attribute: str) -> bool:
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr in MARKS
        and calls.last(call.func.value) == attribute
        for call in calls_in(parsed_files.function_of(code))
    )
