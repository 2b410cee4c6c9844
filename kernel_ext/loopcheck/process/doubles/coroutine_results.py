"""What a mock's coroutine would have returned, had it been awaited. No user code runs.

We read a side effect if it is a `lambda` about plain values: `lambda key: rows.get(key)`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import CoroutineType, FunctionType
from typing import Any

from loopcheck.process import objects, parameters
from loopcheck.process.doubles import doubles
from loopcheck.process.objects import UNKNOWN
from loopcheck.source import parsed_files
from loopcheck.source.values import meaning

# What a mock makes of `side_effect = [False, True]`.
_ROWS: tuple[type, ...] = (type(iter([])), type(iter(())))
_KEYS = (str, bytes, int, bool, type(None))  # hashing and comparing these runs no user code


def results(mock: object, coroutine: object) -> tuple[object, ...]:
    """Return what *coroutine* of *mock* would have returned, as far as that can be known.

    A list of results has one for each call of *mock* that was not awaited: Python warns once a
    line, so it tells of the first one only.
    """
    effect = doubles.effect(mock)
    if type(effect) in _ROWS:
        awaits = objects.peek(mock, "_mock_await_count")
        return _next(effect, doubles.calls(mock) - (awaits if type(awaits) is int else 0))
    found = doubles.given(mock) if effect is None else _worked_out(effect, coroutine)
    return (found,) if meaning.known(found) else ()


def _worked_out(effect: object, coroutine: object) -> object:
    if type(effect) is not FunctionType or type(coroutine) is not CoroutineType:
        return UNKNOWN
    body, frame = _body(effect), coroutine.cr_frame
    args = frame.f_locals.get("args") if frame is not None else None
    given = parameters.positional(effect.__code__)
    if body is None or type(args) is not tuple or len(args) != len(given):
        return UNKNOWN
    own = dict(zip(given, args, strict=True))
    return _value(body, meaning.in_call(effect, own))


def _next(rows: Any, count: int) -> tuple[object, ...]:
    """Return the next values out of *rows*, and leave them there."""
    state = rows.__reduce__()  # (iter, (the list,), the index); without an index it is used up
    if len(state) != 3 or type(state[1][0]) not in (list, tuple):
        return ()
    kept, index = state[1][0], state[2]
    return tuple(kept[index : index + max(1, count)])


def _body(effect: FunctionType) -> ast.expr | None:
    """Return the expression of a `lambda`, if it is the only one on its line."""
    code = effect.__code__
    found = parsed_files.lambdas(code) if code.co_name == "<lambda>" else []
    return found[0].body if len(found) == 1 else None


def _value(node: ast.expr, names: Mapping[str, object]) -> object:
    """Return the value of *node*, also of `rows.get(key)` and `key in rows`."""

    def worked_out(node: ast.AST) -> object:
        match node:
            case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]):
                return ()  # false, like everything empty
            case ast.Call(func=ast.Attribute(value=of, attr="get"), args=[key, *more], keywords=[]):
                rows, asked = _value(of, names), _value(key, names)
                otherwise = _value(more[0], names) if more else None
                return rows.get(asked, otherwise) if _plain(rows, asked) else UNKNOWN  # type: ignore[attr-defined]
            case ast.Compare(left=key, ops=[ast.In() | ast.NotIn() as op], comparators=[of]):
                rows, asked = _value(of, names), _value(key, names)
                if _plain(rows, asked):
                    return (asked in rows) is isinstance(op, ast.In)  # type: ignore[operator]
        return UNKNOWN

    return meaning.of(node, names, other=worked_out)


def _plain(rows: object, key: object) -> bool:
    """Return whether *rows* is a plain container, and *key* and its own keys are plain values."""
    if type(rows) not in (dict, set, list, tuple) or not any(type(key) is one for one in _KEYS):
        return False
    kept: Any = rows
    return all(any(type(one) is kind for kind in _KEYS) for one in kept)
