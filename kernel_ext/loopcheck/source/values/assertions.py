"""Whether a failed `assert` would pass now: computed from plain values, nothing is run."""

from __future__ import annotations

import ast
import asyncio
import operator
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, cast

from loopcheck.process import futures, objects
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 6
WIDEST = 200
_LEAVES = (bool, int, float, str, bytes, type(None))
_ROWS: tuple[type, ...] = (list, tuple, set, frozenset, deque)
_COMPARES: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
    ast.Is: lambda one, other: _single(one, other) and one is other,
    ast.IsNot: lambda one, other: _single(one, other) and one is not other,
}
BUILTINS: dict[str, Callable[[Any], Any]] = {
    "bool": bool,
    "len": len,
    "list": list,
    "set": set,
    "sorted": sorted,
    "sum": sum,
    "tuple": tuple,
}
Instead = tuple[object, object]
_COUNTS = {  # of a mock, and the attributes that its own assertions read
    "called": "_mock_called",
    "call_count": "_mock_call_count",
    "await_count": "_mock_await_count",
}
_ASSERTS = {  # a mock's own: what it counts, and how often that must have happened
    "assert_called": ("call", None),
    "assert_called_once": ("call", 1),
    "assert_called_with": ("call", None),
    "assert_called_once_with": ("call", 1),
    "assert_any_call": ("call", None),
    "assert_awaited": ("await", None),
    "assert_awaited_once": ("await", 1),
    "assert_awaited_with": ("await", None),
    "assert_awaited_once_with": ("await", 1),
    "assert_any_await": ("await", None),
}
_ANYTHING = "unittest.mock._ANY"

_UNKNOWN = object()


class Unknown(Exception):
    """A value that only running user code would show."""


def now(step: ast.stmt, env: Env) -> bool:
    """Return whether what *step* asserts holds now, False if that is unknown."""
    try:
        if isinstance(step, ast.Assert):
            return bool(_plain(step.test, env))
        if (call := of_mock(step)) is not None:
            return _mock_agrees(call, env)
    except (Unknown, TypeError, ValueError, LookupError, RecursionError):
        pass
    return False


def of_mock(step: ast.stmt) -> ast.Call | None:
    """Return the call if *step* is an assertion of a mock's own: `send.assert_called_once()`."""
    match step:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name)) as call) if name in _ASSERTS:
            return call
    return None


def told(test: ast.expr, env: Env) -> bool | None:
    """Return the truth of *test* for plain values, None if that is unknown."""
    found = plain(test, env, _UNKNOWN)
    if found is _UNKNOWN and _is_bare(callees.value(test, env)):
        return True
    return bool(found) if found is not _UNKNOWN else None


def _is_bare(thing: object) -> bool:
    """Return whether *thing* is an object that is always true: its class has no say in that."""
    if not meaning.known(thing):
        return False
    names = ("__bool__", "__len__")
    return all(objects.class_attribute(type(thing), one) is objects.ABSENT for one in names)


def plain(node: ast.expr, env: Env, otherwise: object, instead: Instead | None = None) -> object:
    """Return the value of *node*, if it consists of plain values, else *otherwise*.

    *instead* is an object, and the plain value to use in its place.
    """
    try:
        return _plain(node, env, instead)
    except (Unknown, TypeError, ValueError, LookupError, RecursionError):
        return otherwise


def _plain(node: ast.expr, env: Env, instead: Instead | None = None) -> Any:
    """Return the value of *node*, if it consists of plain values."""

    def inner(node: ast.expr) -> Any:
        return _plain(node, env, instead)

    there = callees.value(node, env)
    if instead is not None and there is instead[0]:
        return instead[1]
    match node:
        case ast.Compare(
            left=left,
            ops=[ast.Is() | ast.IsNot() as op],
            comparators=[ast.Constant(value=None | True | False as single)],
        ) if instead is None:
            one = callees.value(left, env)
            one = one if meaning.known(one) else inner(left)
            return (one is single) is isinstance(op, ast.Is)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as op], comparators=[of]) if (
            instead is None and type(callees.value(of, env)) is dict
        ):
            keys = list(cast("dict[Any, Any]", callees.value(of, env)))
            return (inner(left) in dict.fromkeys(map(copied, keys))) is isinstance(op, ast.In)
        case ast.Compare(left=left, ops=ops, comparators=others):
            compared = [inner(one) for one in (left, *others)]
            pairs = zip(ops, compared, compared[1:], strict=False)
            return all(_COMPARES[type(op)](one, other) for op, one, other in pairs)
        case ast.BoolOp(op=op, values=parts):
            found: Any = None
            for one in parts:
                found = inner(one)
                if bool(found) is isinstance(op, ast.Or):
                    break
            return found
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            truth = told(operand, env) if instead is None else bool(inner(operand))
            return not truth if truth is not None else _unknown()
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            kind = {ast.List: list, ast.Tuple: tuple, ast.Set: set}[type(node)]
            return kind(inner(one) for one in parts)
        case ast.Dict(keys=keys, values=held):
            if None in keys:
                raise Unknown
            return {inner(k): inner(v) for k, v in zip(keys, held, strict=True) if k}
        case ast.Call(func=ast.Name(id=name), args=[one], keywords=[]) if name in BUILTINS:
            if meaning.named(name, env) is not BUILTINS[name]:
                raise Unknown  # a user function has that name
            counted = length(callees.value(one, env)) if name == "len" and not instead else None
            return BUILTINS[name](inner(one)) if counted is None else counted
        case ast.Call(func=ast.Attribute(value=of, attr="done" | "is_set"), args=[]):
            return _ended(callees.value(of, env))
        case ast.Call(func=ast.Attribute(value=of, attr="get"), args=args, keywords=[]):
            many = inner(of)
            return many.get(*map(inner, args)) if type(many) is dict else _unknown()
        case ast.Subscript(value=of, slice=key) if instead is not None or not meaning.known(there):
            many = inner(of)
            return many[inner(key)] if type(many) in (dict, list, tuple) else _unknown()
    if isinstance(node, ast.Attribute) and node.attr in _COUNTS:
        count = objects.peek(callees.value(node.value, env), _COUNTS[node.attr])
        if type(count) in (int, bool):
            return count
    return copied(there, instead)


def length(thing: object) -> int | None:
    """Return the length of a container, whatever it holds; None if its class counts itself."""
    for kind in (dict, *_ROWS):
        if objects.is_a(thing, kind):
            plain = objects.class_attribute(type(thing), "__len__") is kind.__len__
            return kind.__len__(thing) if plain else None
    return None


def _unknown() -> Any:
    raise Unknown


def _single(one: object, other: object) -> bool:
    """Return True if identity is certain: containers are copies here, and so never the same."""
    if not any(thing is single for thing in (one, other) for single in (None, True, False)):
        raise Unknown
    return True


def _ended(thing: object) -> bool:
    if futures.is_future(thing):
        return futures.done(thing)
    if objects.is_a(thing, asyncio.Event):
        return objects.peek(thing, "_value") is True
    raise Unknown


def copied(thing: object, instead: Instead | None = None, depth: int = 0) -> Any:
    """Return a copy of plain *thing*, with one object replaced; raise Unknown if it isn't plain.

    We compare a copy so that a task can't change it meanwhile.
    """
    if instead is not None and thing is instead[0]:
        return instead[1]
    if any(type(thing) is kind for kind in _LEAVES):
        return thing
    if depth > DEEPEST:
        raise Unknown

    def inner(part: object) -> Any:
        return copied(part, instead, depth + 1)

    if type(thing) is dict:
        entries = _few(thing.items())
        return {inner(k): inner(v) for k, v in entries}
    for kind in _ROWS:
        if type(thing) is kind:
            return kind([inner(one) for one in _few(cast("Any", thing))])  # type: ignore[call-arg]
    raise Unknown


def _few(many: Iterable[Any]) -> list[Any]:
    found = list(many)
    if len(found) > WIDEST:
        raise Unknown
    return found


def _mock_agrees(call: ast.Call, env: Env) -> bool:
    """Return whether a mock's own assertion would pass now."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name = call.func.attr
    kind, wanted = _ASSERTS[name]
    mock = callees.value(call.func.value, env)
    count = objects.peek(mock, f"_mock_{kind}_count")
    if type(count) is not int or not (count == wanted if wanted is not None else count > 0):
        return False
    if not name.endswith(("_with", "_any_call", "_any_await")):
        return not call.args
    calls = objects.peek(mock, f"_mock_{kind}_args_list")
    received = list(calls) if objects.is_a(calls, list) else []
    return any(_passes(call, one, env) for one in (received if "_any_" in name else received[-1:]))


def _passes(call: ast.Call, received: Any, env: Env) -> bool:
    """Return whether *call* has the arguments of one call that a mock *received*."""
    args, by_name = tuple(received)[-2:]
    named = {one.arg: one.value for one in call.keywords if one.arg is not None}
    if len(call.args) != len(args) or named.keys() != by_name.keys():
        return False
    pairs = [*zip(call.args, args, strict=True), *((named[key], by_name[key]) for key in named)]
    return all(_equals(node, value, env) for node, value in pairs)


def _equals(node: ast.expr, value: object, env: Env) -> bool:
    meant = callees.value(node, env)
    same = meant is value or objects.type_name(meant) == _ANYTHING
    return same or bool(_plain(node, env) == copied(value))
