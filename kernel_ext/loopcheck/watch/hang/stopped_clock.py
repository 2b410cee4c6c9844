"""What replaced the clock of a loop whose time stands still, and the line that did it."""

from __future__ import annotations

import ast
import asyncio
import time
from collections.abc import Iterable, Iterator
from types import BuiltinFunctionType, FrameType, FunctionType, ModuleType
from typing import Any

from loopcheck.labels import Labels, plain
from loopcheck.process import objects
from loopcheck.process.frames import line_at
from loopcheck.process.patches import patch_records
from loopcheck.records import Place, StoppedClock
from loopcheck.runner import fixtures
from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import body_spans_line, calls_in
from loopcheck.watch import patches

FREEZER = "freeze_time"  # of freezegun: it also replaces the clock that asyncio reads
Loop = asyncio.AbstractEventLoop


def read(loop: Loop, frames: Iterable[FrameType], item: Any, labels: Labels) -> StoppedClock | None:
    """Return what replaces the clock of *loop*, None if it has its own.

    *frames* are those that wait, outermost first.
    """
    found = _replaced(loop)
    if found is None:
        return None
    name, double = found
    entry = next((one for one in patches.seen(iter(())) if one.double() is double), None)
    frozen = objects.module_of(double if isinstance(double, type) else type(double))
    if type(double) is FunctionType:
        frozen = str(double.__module__)
    by = frozen.partition(".")[0] if frozen.startswith("freezegun") else None
    place = patch_records.place(entry, labels) if entry is not None else None
    if place is None and by is not None:
        place = next(_freezers([*frames], item, labels), None)
    kind = "mock" if objects.is_mock(double) else objects.type_name(double).rpartition(".")[2]
    known = double.__name__ if type(double) is FunctionType else kind
    return StoppedClock(name=name, double=plain(known), by=by, place=place)


def _replaced(loop: Loop) -> tuple[str, object] | None:
    """Return the name and the value of what replaces the clock, on the way that the loop reads."""
    own = objects.peek(loop, "time")
    if own is not None:
        return "loop.time", own
    for kind in objects.mro(type(loop)):
        method = vars(kind).get("time")
        if method is None:
            continue
        if type(method) is not FunctionType or method.__module__ != "asyncio.base_events":
            # A loop of another kind has a clock of its own; only a patched one is replaced.
            patched = kind.__module__.startswith("asyncio.")
            return (f"{kind.__name__}.time", method) if patched else None
        break
    module = vars(asyncio.base_events).get("time")
    if type(module) is not ModuleType:
        return "asyncio.base_events.time", module
    now = vars(time).get("monotonic")
    if type(now) is BuiltinFunctionType and now.__module__ == "time":
        return None
    return "time.monotonic", now


def _freezers(frames: list[FrameType], item: Any, labels: Labels) -> Iterator[Place]:
    """Yield the lines that freeze the time: around the waiting line, on its function, a fixture."""
    for frame in reversed(frames):
        file = frame.f_code.co_filename
        for node in parsed_files.standing_at(file, line_at(frame)):
            if isinstance(node, ast.With | ast.AsyncWith):
                inside = body_spans_line(node.body, line_at(frame))
                heads = [item.context_expr for item in node.items] if inside else []
                yield from _calls(heads, frame, labels)
        function = parsed_files.function_of(frame.f_code)
        yield from _calls(function.decorator_list if function else [], frame, labels)
    for code in fixtures.codes(item) if item is not None else ():
        for call in calls_in(parsed_files.function_of(code)):
            if calls.last(call.func) == FREEZER:
                yield Place(labels.file(code.co_filename), call.lineno, code.co_name)


def _calls(heads: Iterable[ast.expr], frame: FrameType, labels: Labels) -> Iterator[Place]:
    for call in calls_in(*heads):
        if calls.last(call.func) == FREEZER:
            code = frame.f_code
            yield Place(labels.file(code.co_filename), call.lineno, code.co_name)
