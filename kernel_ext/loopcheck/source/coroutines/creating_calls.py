"""The call that created a coroutine, as Python recorded it."""

from __future__ import annotations

import ast
from types import CoroutineType

from loopcheck.source import calls, project_files
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
    if site is None:
        return Call(file, line, line, name if name in there else "", function)
    return calls.of_site(file, site)


def node(coroutine: object, name: str) -> tuple[Call, ast.Call] | None:
    """Return that call and its syntax tree if the text has only one; *name* is what it calls."""
    at = _line(coroutine)
    site = _site(*at[:2], name) if at is not None else None
    return (calls.of_site(at[0], site), site.node) if at and site else None


def _line(coroutine: object) -> tuple[str, int, str] | None:
    """Return file, line and function of the innermost caller in user code."""
    origin = coroutine.cr_origin if type(coroutine) is CoroutineType else None
    return next((one for one in origin or () if project_files.owner(one[0]) == "user"), None)


def _site(file: str, line: int, name: str) -> calls.Site | None:
    """Return the call of *name* on that line, else the only one there, or the only inner one.

    What another call receives is made first: `run(target())` runs what `target()` created. If a
    call receives the function itself, that one calls it: `map(save, names)`.
    """
    there = calls.sites_at(file, line)
    named = [one for one in there if one.name == name]
    if not named and any(calls.last(one) == name for each in there for one in _given(each.node)):
        return None
    waiting = [one for one in there if not calls.of_site(file, one).awaited]
    inner = [one for one in waiting if not calls.has_inner_call(one.node)]
    for some in (named, waiting, inner, there):
        if len(some) == 1:
            return some[0]
    return None


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(one.value for one in call.keywords)]
