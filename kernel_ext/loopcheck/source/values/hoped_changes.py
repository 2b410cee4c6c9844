"""Whether a failed `assert` can still hold once something is added to what it reads, or removed.

`assert "key" not in cache` waits for the end of that entry: a task that adds others is of no help.
"""

from __future__ import annotations

import ast
from types import CodeType
from typing import Any, Literal

from loopcheck.process import objects
from loopcheck.process.doubles import call_lists
from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import results_of
from loopcheck.source.values import assertions, callees, meaning
from loopcheck.source.values.callees import Env

Change = Literal["added", "removed"]
DEEPEST = 3  # predicates that call each other
_NOTHING = frozenset[Change]()


def useless(step: ast.stmt, env: Env) -> frozenset[Change]:
    """Return the changes that can never make *step* hold: it has too many already, or too few."""
    try:
        return _useless(step.test, env) if isinstance(step, ast.Assert) else _NOTHING
    except (TypeError, RecursionError):  # a comparison of two kinds of things
        return _NOTHING


def _useless(test: ast.expr, env: Env) -> frozenset[Change]:
    match test:
        case ast.BoolOp(op=ast.And(), values=parts):
            failed = (one for one in parts if assertions.told(one, env) is False)
            return _NOTHING.union(*(_useless(one, env) for one in failed))
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass")):
            return frozenset(("added",))
        case ast.Compare(left=ast.Call(func=ast.Name(id="type"))):
            return frozenset(("added",))
        case ast.Compare(left=ast.Subscript(value=of, slice=ast.Constant(value=int(at)))):
            there = 0 <= at < len(_row(of, env))
            return frozenset(("added",)) if there else _NOTHING
    grows = _grows(test, env)
    if grows is not None:
        return frozenset(("removed",) if grows else ("added",))
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            if (count := _calls(left, env)) is not None:
                expected = _length(right, env)
                if expected is None:
                    return _NOTHING
                return frozenset(("removed",) if count < expected else ("added",))
            now, wanted = (assertions.plain(one, env, None) for one in (left, right))
            return frozenset(_unequal(now, wanted)) or _unequal_fields(left, right, env)
    return _NOTHING


def _calls(of: ast.expr, env: Env) -> int | None:
    """Return how many calls a mock has, if *of* is their list: `send.call_args_list`."""
    if not isinstance(of, ast.Attribute) or of.attr not in call_lists.LISTS:
        return None
    made = meaning.of(of, env, attribute=call_lists.attribute)
    return len(made) if objects.is_a(made, list) else None


def _length(of: ast.expr, env: Env) -> int | None:
    """Return how many entries a list has that is written out, or has a name."""
    if isinstance(of, ast.List):
        return None if any(isinstance(one, ast.Starred) for one in of.elts) else len(of.elts)
    row = meaning.of(of, env)
    return len(row) if type(row) is list else None


def _row(of: ast.expr, env: Env) -> list[Any]:
    row = assertions.plain(of, env, None)
    return row if type(row) is list else []


def _unequal(now: Any, wanted: Any) -> set[Change]:
    """Return what can't make *now* equal to *wanted*."""
    found = set[Change]()
    if type(now) is int:
        found.add("added" if now > wanted else "removed")
    elif type(now) is set:
        found |= {"added"} if now - wanted else set()
        found |= {"removed"} if wanted - now else set()
    elif type(now) is list:
        found.add("removed" if now == wanted[: len(now)] else "added")
    return found


def _unequal_fields(left: ast.expr, right: ast.expr, env: Env) -> frozenset[Change]:
    """Return what can't make two named tuples, or two data objects, equal: field by field."""
    kind, now = _fields(left, env)
    other, wanted = _fields(right, env)
    if kind is None or kind is not other:
        return _NOTHING
    pairs = [
        tuple(assertions.plain(*fields[name], None) for fields in (now, wanted))
        for name in now.keys() & wanted.keys()
    ]
    return _NOTHING.union(*(_unequal(*pair) for pair in pairs if pair[0] != pair[1]))


Fields = dict[str, tuple[ast.expr, Env]]


def _fields(made: ast.expr, env: Env, deep: int = DEEPEST) -> tuple[type | None, Fields]:
    """Return the class and the fields of what *made* makes, itself or in a function it calls."""
    if not isinstance(made, ast.Call):
        return None, {}
    kind = meaning.of(made.func, env)
    if objects.is_a(kind, type) and (names := _names_of_fields(kind)):
        given = calls.by_parameter(made, names)
        return kind, {name: (value, env) for name, value in given.items()}
    inside = callees.inside(made, env) if deep else None
    results = list(results_of(parsed_files.function_of(inside[1]))) if inside is not None else []
    if inside is None or len(results) != 1:
        return None, {}
    return _fields(results[0], inside[0], deep - 1)


def _names_of_fields(kind: type) -> list[str]:
    """Return the fields by which two objects of *kind* are compared, in order."""
    kept = "_fields" if issubclass(kind, tuple) else "__dataclass_fields__"
    fields: Any = objects.class_attribute(kind, kept)
    return [str(one) for one in fields] if type(fields) in (tuple, dict) else []


def _grows(test: ast.expr, env: Env, deep: int = DEEPEST) -> bool | None:
    """Return whether *test* turns true by what is added, or (False) by what is removed.

    None if it is unknown, or may be either.
    """
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _turned(_grows(operand, env, deep))
        case ast.Compare(left=left, ops=[how], comparators=[right]):
            return _compared(left, how, right, env, deep)
        case ast.Attribute() if (getter := callees.getter(test, env)) is not None:
            code = getter.__func__.__code__
            given = callees.given_to(code, getter.__self__, test, env)
            return _result(code, meaning.in_call(getter.__func__, given), deep)  # type: ignore[arg-type]
        case ast.Name() | ast.Attribute() | ast.Subscript():
            return True
        case ast.Call(func=ast.Name(id=name)) if name in assertions.BUILTINS:
            return True
        case ast.Call() if (inside := callees.inside(test, env)) is not None:
            inner, code = inside
            return _result(code, inner, deep)
    return None


def _compared(left: ast.expr, how: ast.cmpop, right: ast.expr, env: Env, deep: int) -> bool | None:
    same = isinstance(how, ast.Is | ast.Eq)
    if isinstance(how, ast.In | ast.NotIn):
        return isinstance(how, ast.In)
    if isinstance(how, ast.Gt | ast.GtE | ast.Lt | ast.LtE):
        return isinstance(how, ast.Gt | ast.GtE) is not isinstance(left, ast.Constant)
    match right:
        case ast.Constant(value=bool(wanted)):
            grows = _grows(left, env, deep)
            return grows if wanted is same else _turned(grows)
        case ast.Constant(value=None | 0 | "") | ast.List(elts=[]) | ast.Dict(keys=[]):
            return not same
    return None


def _result(code: CodeType, env: Env, deep: int) -> bool | None:
    """Return the same of what a function of the project returns."""
    results = list(results_of(parsed_files.function_of(code)))
    return _grows(results[0], env, deep - 1) if deep and len(results) == 1 else None


def _turned(grows: bool | None) -> bool | None:
    return None if grows is None else not grows
