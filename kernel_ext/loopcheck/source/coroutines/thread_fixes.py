"""Whether a separate thread would help a line that starts a loop where one is running."""

from __future__ import annotations

import ast
from types import FrameType

from loopcheck.process import objects
from loopcheck.source import parsed_files
from loopcheck.source.calls import last
from loopcheck.source.nodes import calls_in

RUNNING = frozenset({"get_event_loop", "get_running_loop"})  # a thread has none
# Code reads what these create, or pytest calls it: `to_thread` would call something else.
NOT_CALLED = frozenset(
    {"property", "cached_property", "getter", "setter", "deleter", "fixture", "contextmanager"}
)


def can_call(file: str, line: int) -> bool:
    """Return whether calling the function around *line* by its name does its work."""
    for function in parsed_files.enclosing(file, line)[:1]:
        made_by = {
            last(one.func if isinstance(one, ast.Call) else one) for one in function.decorator_list
        }
        yields = any(isinstance(one, ast.Yield | ast.YieldFrom) for one in ast.walk(function))
        return not (made_by & NOT_CALLED or yields or function.name.startswith("__"))
    return True


def starts_its_own(file: str, line: int, start: FrameType, running: object) -> bool:
    """Return whether *start*, called at *line*, starts another loop than the running one."""
    loop = start.f_locals.get("self")
    if running is not None and objects.is_loop(loop):
        return loop is not running
    if "run_until_complete" not in start.f_code.co_name:
        return True
    around = parsed_files.enclosing(file, line)[:1]  # uvloop's frames hold nothing
    named = [*calls_in(*around)]
    return not any(last(one.func) in RUNNING for one in named)
