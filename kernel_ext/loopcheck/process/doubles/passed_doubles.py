"""The mocks that a double received, and its original would have called: `fetch(key, api.get)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from types import FunctionType
from typing import TypeVar

from loopcheck.process import objects, parameters
from loopcheck.process.doubles import doubles
from loopcheck.source import calls, modules, parsed_files
from loopcheck.source.failing_line import At
from loopcheck.source.nodes import calls_in

Given = TypeVar("Given")

_MORE = (ast.Eq, ast.GtE, ast.Gt)


def uncalled(error: BaseException, where: At) -> tuple[object, str] | None:
    """Return the mock that the failing assertion expects to be called, and the line's name."""
    node = _asked(where.step) if objects.is_a(error, AssertionError) else None
    mock = doubles.mock_of(where.mean(node)) if node is not None else None
    if node is None or mock is None or doubles.calls(mock):
        return None
    return mock, doubles.words(node)


def _asked(step: ast.stmt | None) -> ast.expr | None:
    """Return what *step* asserts to have been called."""
    match step:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=mock, attr=name))):
            waits = name.startswith(("assert_called", "assert_awaited", "assert_any", "assert_has"))
            return mock if waits else None
        case ast.Assert(test=ast.Attribute(value=mock, attr="called")):
            return mock
        case ast.Assert(
            test=ast.Compare(
                left=ast.Attribute(value=mock, attr=name),
                ops=[op],
                comparators=[ast.Constant(value=int(count))],
            )
        ) if name in ("call_count", "await_count"):
            return mock if count > 0 and isinstance(op, _MORE) else None
    return None


def call_of(mock: object, said: str, double: object, original: FunctionType) -> ast.Call | None:
    """Return the call of *mock* that *original* would have made; *double* only received the mock.

    The double received the mock itself, or an object whose attribute the mock is; *said* is the
    failing line's expression for the mock.
    """
    code = original.__code__
    block = parsed_files.function_of(code)
    if type(double) is doubles.Gone:
        wanted = set(_written(mock, said, original))
    else:
        wanted = {
            f"{name}{path}"
            for args, keywords in doubles.arguments(double)
            for name, value in (*_bound(original, args), *keywords.items())
            for path in _paths(value, mock)
        }
    found = (one for one in calls_in(block if wanted else None) if ast.unparse(one.func) in wanted)
    return next(found, None)


def _bound(original: FunctionType, args: Sequence[Given]) -> Iterator[tuple[str, Given]]:
    code = original.__code__
    names = list(parameters.positional(code))
    own = names[:1] == ["self"] and len(args) < len(names)
    return zip(names[1:] if own else names, args, strict=False)


def _paths(value: object, mock: object) -> list[str]:
    """Return the paths from *value* to *mock*: "" if it is the same object, ".get"."""
    path = ""
    for one, step in doubles.up(mock):
        if one is value:
            return [path]
        if step == doubles.RESULT:
            return []
        path = f".{step}{path}"
    return []


def _written(mock: object, said: str, original: FunctionType) -> Iterator[str]:
    """Yield what *original* would call, by the arguments that lines of user code pass to it.

    A double's arguments are gone with it if nothing kept it after its patch. Then an argument
    counts if it is an attribute with the name of *mock*, or has the name of the mock's owner in
    *said*.
    """
    name = objects.peek(mock, "_mock_new_name")
    called = original.__code__.co_name
    owner, _, last = said.rpartition(".")
    for file in modules.files() if type(name) is str and name.isidentifier() else ():
        if (
            f"{called}(" not in parsed_files.text(file)
            or (module := parsed_files.tree(file)) is None
        ):
            continue
        for node in calls_in(module):
            if calls.last(node.func) == called:
                named = [(one.arg, one.value) for one in node.keywords if one.arg is not None]
                for argument, value in (*_bound(original, node.args), *named):
                    if isinstance(value, ast.Attribute) and value.attr == name:
                        yield argument
                    elif last == name and calls.last(value) == owner.rpartition(".")[2]:
                        yield f"{argument}.{name}"
