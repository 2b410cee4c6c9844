"""The run that refused a coroutine, if a handler caught the error: only a warning is left."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from types import CodeType, CoroutineType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.records import NestedRun, Place
from loopcheck.source import calls, parsed_files
from loopcheck.source.calls import Call
from loopcheck.source.coroutines import (
    coroutine_makers,
    creating_calls,
    loop_starters,
    thread_fixes,
)
from loopcheck.source.nodes import spans_line

AmidALoop = Callable[[CodeType, str, int], bool]
RUN = r"^asyncio\.run$|(?i:runner)\.run$"  # refused only if a loop is running


def read(warned: Any, item: Any, labels: Labels, amid: AmidALoop) -> NestedRun | None:
    """Return the run that refused the coroutine of *warned*: a handler caught its error.

    *amid* returns whether the coroutines that a line dropped were freed while a loop was running.
    """
    if type(warned.source) is not CoroutineType:
        return None
    code, line = warned.source.cr_code, (str(warned.filename), int(warned.lineno))
    if not _dropped_by_caller(warned.source, line):
        return None  # an earlier test's error has kept it, and the collector found it here
    found, nested = coroutine_makers.find(code.co_name, code, line, item, (), warned.source)
    if not nested or found is None:
        return None
    by_loop = not re.search(RUN, found.to or "")
    if by_loop and not (amid(code, *line) and _beside(code.co_name, line) and _asks_loop(found)):
        return None
    return NestedRun(
        call=f"loop.{loop_starters.UNTIL}" if by_loop else found.to or "",
        coroutine=code.co_name,
        called_at=Place(labels.file(found.file), found.line, found.function),
        synchronous=calls.in_plain(found),
        local=parsed_files.defined_within(found.file, found.line, code.co_name),
        in_a_thread=not by_loop and thread_fixes.can_call(found.file, found.line),
    )


def _dropped_by_caller(coroutine: object, line: tuple[str, int]) -> bool:
    """Return whether *line* is in a function that was running when *coroutine* was created.

    An error that a handler caught goes with the handler, and takes the coroutine with it at once.
    """
    file, number = line
    around = next((one.name for one in parsed_files.enclosing(file, number)), "<module>")
    callers = creating_calls.callers(coroutine)
    return not callers or (file, around) in {(one, function) for one, _, function in callers}


def _beside(name: str, line: tuple[str, int]) -> bool:
    """Return whether the function of *line* itself calls *name*, and passes nothing to a thread."""
    file, number = line
    around = parsed_files.enclosing(file, number)[:1]
    named = {calls.last(one) for block in around for one in ast.walk(block)}  # `to_thread.run_sync`
    made = calls.within(file, name)
    called = any(spans_line(block, one.line) for one in made for block in around)
    return called and named.isdisjoint(calls.TO_THREADS)


def _asks_loop(start: Call) -> bool:
    """Return whether *start* uses the running loop or a new one, so not a closed one."""
    for node in parsed_files.nodes_at(start.file, start.line):
        if not isinstance(node, ast.Call) or node.lineno != start.line:
            continue
        if calls.last(node.func) != loop_starters.UNTIL or ast.unparse(node.func) != start.to:
            continue
        if loop_starters.asked_for_a_loop(node.func):
            return True
        loop = getattr(node.func, "value", None)
        for function in parsed_files.enclosing(start.file, start.line)[:1]:
            if isinstance(loop, ast.Name):
                return loop_starters.loop_is_asked_for(function, loop.id)
    return False
