"""The variable that keeps the connection a line takes, by its syntax, and its assignment."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType

from loopcheck.process import objects
from loopcheck.source import bindings, calls, parsed_files, project_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import head_spans_line, nodes_of, spans_line
from loopcheck.source.values import meaning

# These methods hand a connection out; any other method keeps it in its own object.
GIVES = frozenset({"acquire", "connect", "begin", "connection", "raw_connection", "create_pool"})
LENDS = frozenset({"acquire", "getconn", "raw_connection"})  # the pool does not hold what it lends


LIMITS = frozenset({"wait_for", "shield"})  # these return the result of their argument


def at(filename: str, line: int, *, helped: bool = False) -> tuple[str | None, int | None]:
    """Return the name that keeps what *line* takes, and the line that assigns this name.

    Without a line the name is a parameter, or comes from elsewhere. *helped*: the function called
    there returns what it has taken.
    """
    around = parsed_files.enclosing(filename, line)
    if not around:
        return None, None
    for node in _statements(around[0], line):
        match node:
            case ast.AsyncWith(items=items) | ast.With(items=items):
                for item in items:
                    if spans_line(item.context_expr, line):
                        target = item.optional_vars
                        return (ast.unparse(target) if target else None), item.context_expr.lineno
            case ast.Assign(targets=[target], value=value) if helped or _gives(value):
                return ast.unparse(target), node.lineno
            case ast.stmt():
                name, made = _root(node, line, around[0])
                if name is not None and made is None and name.startswith("self."):
                    made = _in_class(filename, around[0], name)
                return name, made
    return None, None


def block_at(code: CodeType, line: int | None) -> ast.With | ast.AsyncWith | None:
    """Return the `with` of a function whose head is at *line*."""
    blocks = nodes_of((ast.With, ast.AsyncWith), parsed_files.function_of(code))
    return next((one for one in blocks if line and head_spans_line(one, line)), None)


def hands_on(filename: str, line: int) -> bool:
    """Return whether *line* returns what it takes: `return await pool.acquire()`."""
    around = parsed_files.enclosing(filename, line)
    found = next(_statements(around[0], line), None) if around else None
    return isinstance(found, ast.Return) and found.value is not None and _gives(found.value)


def _in_class(filename: str, method: ast.AST, name: str) -> int | None:
    """Return the only line in the class of *method* that assigns *name*, such as `self.session`."""
    tree = parsed_files.tree(filename)
    classes = (
        [node for node in parsed_files.statements(tree) if isinstance(node, ast.ClassDef)]
        if tree
        else []
    )
    own = (owner for owner in classes if method in owner.body)
    given = (one for one in assignments_in(*own) if one.how == "assigned" and one.sets(name))
    made = [one.line for one in given if isinstance(one.value, ast.Call | ast.Await)]
    return made[0] if len(made) == 1 else None


def lender(filename: str, line: int) -> FunctionType | None:
    """Return the context manager in user code that *line* enters."""
    around = parsed_files.enclosing(filename, line)
    withs = nodes_of((ast.With, ast.AsyncWith), around[0])
    for item in (item for node in withs for item in node.items) if around else ():
        call = item.context_expr
        if isinstance(call, ast.Call) and call.lineno == line:
            return _own(meaning.of(call.func, _globals(filename)))
    return None


def _own(helper: object) -> FunctionType | None:
    """Return the generator function in user code behind a `contextlib` context manager."""
    function = objects.function_of(helper)
    if function is None or function is helper:
        return None
    return function if project_files.owner(function.__code__.co_filename) == "user" else None


def _globals(filename: str) -> dict[str, object]:
    modules = [one for one in list(sys.modules.values()) if type(one) is ModuleType]
    return next((vars(one) for one in modules if vars(one).get("__file__") == filename), {})


def _statements(function: ast.AST, line: int) -> Iterator[ast.stmt]:
    """Yield the statements around *line*, innermost first; of the blocks only `with`."""
    found: list[tuple[int, int, ast.stmt]] = []
    for node in nodes_of(ast.stmt, function):
        if isinstance(node, ast.With | ast.AsyncWith):
            if any(spans_line(item.context_expr, line) for item in node.items):
                found.append((0, node.lineno, node))
        elif not hasattr(node, "body") and spans_line(node, line):
            found.append((1, node.lineno, node))
    for _, _, one in sorted(found, key=lambda part: part[:2], reverse=True):
        yield one


def _gives(value: ast.expr) -> bool:
    value = _limited(value)
    return isinstance(value, ast.Call) and calls.last(value.func) in GIVES


def _limited(value: ast.expr) -> ast.expr:
    """Return the innermost awaited call: of `wait_for(pool.acquire(), 1)`, `pool.acquire()`."""
    while True:
        match value:
            case ast.Await(value=inner):
                value = inner
            case ast.Call(func=func, args=[inner, *_]) if calls.last(func) in LIMITS:
                value = inner
            case _:
                return value


def _root(
    node: ast.stmt, line: int, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> tuple[str | None, int | None]:
    for part in nodes_of(ast.Await, node):
        if spans_line(part, line):
            awaited = _limited(part)
            if isinstance(awaited, ast.Call) and calls.last(awaited.func) in LENDS:
                return None, None
            name = bindings.written(part)
            made = parsed_files.assigned(function, name) if name is not None else None
            return name, made if made is not None and made <= line else None
    return None, None
