"""What a piece of code iterates over: in loops and comprehensions, and in the calls that do so."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source.assignments import assigned_values

_TAKERS = frozenset(
    {
        *("dict", "enumerate", "filter", "frozenset", "list", "map", "max", "min", "set"),
        *("sorted", "sum", "tuple", "zip"),
    }
)
_METHODS = ("extend", "join", "update")


def iterated_in(block: ast.AST) -> Iterator[tuple[int, ast.expr, str | None]]:
    """Yield the line of each iteration in *block*, what it iterates over, and its last step.

    For a name with one assignment, that is the assigned value.
    """
    for node in (over for one in ast.walk(block) for over in _iterated_by(one)):
        said = _assigned_to(node, block)
        yield node.lineno, said, _last_step(said)


def _iterated_by(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.For(iter=rows) | ast.AsyncFor(iter=rows) | ast.comprehension(iter=rows):
            return [rows]
        case ast.Starred(value=rows):
            return [rows]
        case ast.Call(func=ast.Name(id=name), args=args) if name in _TAKERS:
            return args
        case ast.Call(func=ast.Attribute(attr=name), args=args) if name in _METHODS:
            return args
    return []


def _assigned_to(node: ast.expr, around: ast.AST) -> ast.expr:
    """Return *node*, or the value that the only assignment of its name has, without `await`."""
    if isinstance(node, ast.Name):
        given = assigned_values(node.id, around)
        node = given[0] if len(given) == 1 else node
    return node.value if isinstance(node, ast.Await) else node


def _last_step(node: ast.expr) -> str | None:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)):
            return f"{name}()"
        case ast.Call(func=ast.Name(id=name)):
            return f"{name}()"
        case ast.Attribute(attr=name):
            return name
    return None
