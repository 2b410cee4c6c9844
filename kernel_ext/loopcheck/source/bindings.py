"""What the names of a function refer to, by its syntax: nothing is run, nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import calls
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import results_of

Function = ast.FunctionDef | ast.AsyncFunctionDef
WRAPS = frozenset({"wait_for", "shield", "gather", "wait", "create_task", "ensure_future", "run"})
PAIRED = frozenset(
    {
        *("create_connection", "create_unix_connection", "create_datagram_endpoint"),
        *("connect_accepted_socket", "connect_read_pipe", "connect_write_pipe"),
    }
)  # these return `transport, protocol`
CLOSES = (
    "close",
    "aclose",
    "clean",
    "disconnect",
    "dispose",
    "quit",
    "shutdown",
    "stop",
    "terminate",
)


def root_of(expression: ast.AST) -> tuple[str | None, str | None]:
    """Return the name that *expression* begins with, and its first attribute."""
    attribute = None
    while True:
        match expression:
            case ast.Attribute(value=value, attr=attr):
                expression, attribute = value, attr
            case ast.Call(func=value) | ast.Subscript(value=value) | ast.Await(value=value):
                expression = value
            case ast.Name(id=name):
                return name, attribute
            case _:
                return None, None


def written(expression: ast.expr) -> str | None:
    """Return the part of *expression* whose method is awaited: `self.store`."""
    while isinstance(expression, ast.Await | ast.Call):
        expression = expression.value if isinstance(expression, ast.Await) else expression.func
    if isinstance(expression, ast.Attribute):
        expression = expression.value
    root, _ = root_of(expression)
    return ast.unparse(expression) if root is not None else None


def parameters(function: Function) -> set[str]:
    """Return the names of the parameters of *function*, without `*args` and `**kwargs`."""
    spec = function.args
    return {one.arg for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}


def first_parameter(method: Function) -> str | None:
    """Return the name of the first parameter: "self"."""
    given = [*method.args.posonlyargs, *method.args.args]
    return given[0].arg if given else None


def assigned(block: ast.AST) -> Iterator[tuple[str, tuple[ast.expr, bool]]]:
    """Yield each name that *block* assigns, with its value, and whether a `with` assigns it."""
    for one in assignments_in(block):
        for part in one.parts() if one.how in ("assigned", "entered", "iterated") else ():
            if isinstance(part, ast.Name | ast.Attribute):
                yield ast.unparse(part), (one.value, one.how == "entered")


def values(block: ast.AST, name: str) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what *block* assigns to *name*, and whether a `with` does."""
    return (value for known, value in assigned(block) if known == name)


def given_to(function: Function, value: ast.expr) -> str:
    """Return the name that *value* is assigned to, else what it calls."""
    names = [name for name, (given, _) in assigned(function) if value in ast.walk(given)]
    if names:  # of `reader, writer`, or `transport, protocol`, the one that can be closed
        within = (calls.last(one.func) for one in ast.walk(value) if isinstance(one, ast.Call))
        return names[-1 if PAIRED.isdisjoint(within) else 0]
    called = value
    while not isinstance(value, ast.Name):
        match value:
            case ast.Call(func=inner):
                called = value = inner
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Await(value=inner):
                value = inner
            case _:
                break
    return ast.unparse(called)


def wrapped(expression: ast.expr) -> Iterator[ast.expr]:
    """Yield the calls that are arguments of another: of `asyncio.wait_for(client.ping(), 1)`."""
    if isinstance(expression, ast.Call) and calls.last(expression.func) in WRAPS:
        for given in expression.args:
            inner = given.value if isinstance(given, ast.Starred) else given
            if isinstance(inner, ast.Call):
                yield inner


# What a fixture returns, and how it is closed


def gives(function: Function) -> ast.expr | None:
    """Return the first expression that *function* yields or returns."""
    return next(results_of(function), None)


def given_away(function: Function) -> str | None:
    """Return the name that *function* yields or returns, if it is a bare name."""
    value = gives(function)
    return value.id if isinstance(value, ast.Name) else None


def swallowed(block: ast.AST, name: str) -> tuple[int, str] | None:
    """Return the line that should close *name*, and the block that hides its failure."""
    return next(((line, around) for _, line, around in hidden_ends(block, name)), None)


def hidden_ends(block: ast.AST, name: str) -> Iterator[tuple[str, int, str]]:
    """Yield each method that should close *name*, its line, and the block that hides errors."""
    for node in ast.walk(block):
        hides = isinstance(node, ast.Try) and any(map(_hides, node.handlers))
        drops = isinstance(node, ast.With | ast.AsyncWith) and any(map(_suppresses, node.items))
        within = [part for one in node.body for part in ast.walk(one)] if hides or drops else []  # type: ignore[attr-defined]
        if any(isinstance(part, ast.Yield) for part in within):
            continue
        for part in within:
            match part:
                case ast.Call(func=ast.Attribute(value=owner, attr=method)):
                    if ast.unparse(owner) == name and ends(method):
                        yield method, part.lineno, "try" if hides else "suppress"


def ends(method: str) -> bool:
    """Return whether a method of that name closes its object: `wait_closed`, but not `send`."""
    words = method.lower().split("_")
    return any(word == "end" or word.startswith(CLOSES) for word in words)


def _hides(handler: ast.ExceptHandler) -> bool:
    kind = ast.unparse(handler.type) if handler.type is not None else ""
    raises = any(isinstance(node, ast.Raise) for node in ast.walk(handler))
    return not raises and not kind.endswith("CancelledError")


def _suppresses(item: ast.withitem) -> bool:
    call = item.context_expr
    if not isinstance(call, ast.Call) or calls.last(call.func) != "suppress":
        return False
    return not all(ast.unparse(one).endswith("CancelledError") for one in call.args)
