"""The call that created a coroutine, as Python recorded it."""

from __future__ import annotations

import ast
import builtins
from pathlib import PurePath
from types import CodeType, CoroutineType
from typing import Any

from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.calls import Call


def of(coroutine: object) -> Call | None:
    """Return the innermost call of the project's that led to *coroutine*, None if unknown."""
    at = _line(coroutine)
    if at is None or type(coroutine) is not CoroutineType:
        return None
    file, line, function = at
    name = coroutine.cr_code.co_name
    site = _site(file, line, name)
    there = {one.name for one in calls.sites_at(file, line)}
    if (
        site is not None
        and site.name != name
        and len(there) > 1
        and not _is_innermost(at, coroutine)
    ):
        site = None  # other code is between: which of the calls ran it is unknown
    passing = _passing(file, line, name) if site is None else []
    if len(passing) == 1 and not is_property(coroutine.cr_code):
        to = ast.unparse(passing[0].func)
        return Call(file, passing[0].lineno, line, name, function, to=to, passed=True)
    if site is None:
        if function.startswith("<"):  # a comprehension or a lambda
            around = parsed_files.enclosing(file, line)
            function = around[0].name if around else function
        named = [calls.of_site(file, one) for one in calls.sites_at(file, line) if one.name == name]
        takers = {(one.to, one.onward) for one in named}
        taker, onward = takers.pop() if len(takers) == 1 else (None, False)
        called = name if named else ""
        return Call(file, line, line, called, function, to=taker, onward=onward)
    return calls.of_site(file, site)


def node(coroutine: object, name: str) -> tuple[Call, ast.Call] | None:
    """Return that call and its syntax tree if the text has only one; *name* is what it calls."""
    at = _line(coroutine)
    site = _site(*at[:2], name) if at is not None else None
    return (calls.of_site(at[0], site), site.node) if at and site else None


def callers(coroutine: object) -> list[tuple[str, int, str]]:
    """Return file, line and function of the lines that led to *coroutine*, innermost first.

    None are recorded in other threads.
    """
    return [*((coroutine.cr_origin or ()) if type(coroutine) is CoroutineType else ())]


def is_called_by_loop(coroutine: object) -> bool:
    """Return whether a loop called the function that created *coroutine*: no line can await it."""
    lines = callers(coroutine)[:2]
    folders = [PurePath(file).parent.name for file, _, _ in lines]
    users = [project_files.owner(file) == "user" for file, _, _ in lines]
    return users == [True, False] and folders[1] == "asyncio"


def at(file: str, line: int, name: str) -> Call | None:
    """Return the call of *name* on that line, or the only one that it can be."""
    site = _site(file, line, name)
    return calls.of_site(file, site) if site is not None else None


def _line(coroutine: object) -> tuple[str, int, str] | None:
    """Return file, line and function of the innermost caller in user code."""
    origin = coroutine.cr_origin if type(coroutine) is CoroutineType else None
    return next((one for one in origin or () if project_files.owner(one[0]) == "user"), None)


def _is_innermost(at: tuple[str, int, str], coroutine: CoroutineType[Any, Any, Any]) -> bool:
    return (coroutine.cr_origin or ())[:1] == (at,)


def _site(file: str, line: int, name: str) -> calls.Site | None:
    """Return the call of *name* on that line, else the only one there, or the only inner one.

    What another call receives is made first: `run(target())` runs what `target()` created. If a
    call receives the function itself, that one calls it: `map(save, names)`.
    """
    there = calls.sites_at(file, line)
    named = [one for one in there if one.name == name]
    if not named and _passing(file, line, name):
        return None
    waiting = [one for one in there if not calls.of_site(file, one).awaited]
    waiting = [one for one in waiting if not _is_builtin(one.node.func)] or waiting
    inner = [one for one in waiting if not calls.has_inner_call(one.node)]
    for some in (named, waiting, inner, there):
        if len(some) == 1:
            return some[0]
    return None


def _is_builtin(called: ast.expr) -> bool:
    return isinstance(called, ast.Name) and hasattr(builtins, called.id)


def _passing(file: str, line: int, name: str) -> list[ast.Call]:
    """Return the calls on that line that receive the function *name* itself."""
    there = (one.node for one in calls.sites_at(file, line))
    return [one for one in there if any(calls.last(part) == name for part in _given(one))]


def is_property(code: CodeType) -> bool:
    """Return whether *code* is that of a property, which a line reads without a call."""
    block = parsed_files.function_of(code)
    return block is not None and any(
        "property" in (calls.last(one) or "") for one in block.decorator_list
    )


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(one.value for one in call.keywords)]
