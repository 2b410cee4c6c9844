"""The async mock that a test asserts was awaited, and that the code only called.

Reported only if Python warned about its dropped coroutine, at a line that calls it without `await`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from loopcheck.process import objects
from loopcheck.process.doubles import doubles
from loopcheck.process.frames import module_of
from loopcheck.source import calls, failing_line, project_files
from loopcheck.source.failing_line import At, Look, Stumble

COUNTS = frozenset({"await_count", "await_args", "await_args_list"})


def read(error: BaseException, trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the mock that the failing assertion reports as never awaited."""
    users = failing_line.users_of(trace)
    if not users or not look.warned or not objects.is_a(error, AssertionError):
        return
    where = failing_line.at(users[-1], look.stood)
    asked = [one for one in _asked(trace[-1], where) if _only_called(one)]
    for warned in look.warned:
        mock = doubles.behind(warned.source)
        if mock is None or not any(one is mock for one in asked):
            continue
        if (call := _dropped_by(warned, mock)) is not None:
            yield Stumble(
                double=mock,
                wanted="awaited",
                node=None,
                at=where,
                kind="coroutine",
                sure=True,
                called=(call.file, call.line),
            )
            return


def _asked(last: TracebackType, where: At) -> Iterator[object]:
    """Yield the mocks whose awaits the failing assertion counts."""
    name = last.tb_frame.f_code.co_name
    if module_of(last.tb_frame).endswith("mock"):
        if name.startswith(("assert_awaited", "assert_any_await", "assert_has_awaits")):
            yield last.tb_frame.f_locals.get("self")
        return
    for node in where.nodes():
        if isinstance(node, ast.Attribute) and node.attr in COUNTS:
            yield doubles.mock_of(where.mean(node.value))


def _only_called(mock: object) -> bool:
    if not objects.is_mock(mock) or not doubles.is_async(mock):
        return False
    return doubles.calls(mock) > 0 and objects.peek(mock, "_mock_await_count") == 0


def _dropped_by(warned: Any, mock: object) -> calls.Call | None:
    """Return the call of *mock* at the line of *warned* that drops its coroutine."""
    file, line = str(warned.filename), int(warned.lineno)
    if project_files.owner(file) != "user":
        return None
    name = objects.peek(mock, "_mock_new_name")
    found = [
        one
        for one in calls.at(file, line)
        if one.alone and not one.awaited
        if not name or one.name == name
    ]
    return found[0] if len(found) == 1 else None
