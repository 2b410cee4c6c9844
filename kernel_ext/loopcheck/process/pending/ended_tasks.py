"""A task that dropped its cancellation and ended with its own error, where a line awaited it."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import futures, objects
from loopcheck.records import SwallowedCancel
from loopcheck.source import failing_line, parsed_files
from loopcheck.source.catching import cancel_handlers
from loopcheck.source.nodes import mentioned
from loopcheck.source.values import callees, meaning

DEEPEST = 20  # errors that were raised while others were handled
FRAMES = 50  # outermost frames that may await it
LINES = 1_000  # of a traceback


def read(error: BaseException, labels: Labels) -> Iterator[SwallowedCancel]:
    """Yield the handler that dropped a task's cancellation, if *error* ended that task instead.

    An error raised while the CancelledError is being handled has that one as its context: there the
    task did not drop it.
    """
    if _while_cancelled(error):
        return
    for one in failing_line.users_of(failing_line.trace_of(error))[:FRAMES]:
        frame, line = one.tb_frame, one.tb_lineno
        if not _counts_on_cancelling(frame.f_code.co_filename, line):
            continue
        for task in _awaited(frame, line):
            if getattr(task, "_exception", None) is error and not getattr(task, "_must_cancel", 1):
                found = cancel_handlers.dropped_by(task, failed=True)
                if found is not None and _raised_after(error, found):
                    yield cancel_handlers.ended_by(found, labels)


def _while_cancelled(error: BaseException) -> bool:
    now: Any = error
    for _ in range(DEEPEST):
        if now is None or objects.is_a(now, asyncio.CancelledError):
            return now is not None
        now = BaseException.__dict__["__context__"].__get__(now)
    return True  # too long to know


def _counts_on_cancelling(filename: str, line: int) -> bool:
    """Return whether *line* is in a block that expects CancelledError."""
    if "CancelledError" not in parsed_files.text(filename):  # most files: parsing takes longer
        return False
    for node in parsed_files.standing_at(filename, line):
        heads: list[ast.AST] = []
        if isinstance(node, ast.With | ast.AsyncWith):
            heads = [item.context_expr for item in node.items]
        elif isinstance(node, ast.Try | ast.TryStar) and cancel_handlers.guards(node, line):
            heads = [one.type for one in node.handlers if one.type is not None]
        if "CancelledError" in mentioned(*heads):
            return True
    return False


def _awaited(frame: FrameType, line: int) -> Iterator[Any]:
    """Yield the tasks that *line* awaits under a name."""
    env = meaning.names_of(frame)
    for node in parsed_files.standing_at(frame.f_code.co_filename, line):
        task = callees.value(node.value, env) if isinstance(node, ast.Await) else None
        if futures.is_task(task):
            yield task


def _raised_after(error: BaseException, caught: cancel_handlers.Handler) -> bool:
    """Return whether the function of *caught* raised *error* outside the block that it guards."""
    line = _line_in(error, caught.code)
    blocks = parsed_files.standing_at(caught.code.co_filename, caught.waits)
    guarding = (one for one in blocks if cancel_handlers.guards(one, caught.waits))
    return line is not None and not any(cancel_handlers.guards(one, line) for one in guarding)


def _line_in(error: BaseException, code: CodeType) -> int | None:
    trace = objects.trace_of(error)
    for _ in range(LINES):
        if trace is None:
            return None
        if trace.tb_frame.f_code is code:
            return trace.tb_lineno
        trace = trace.tb_next
    return None
