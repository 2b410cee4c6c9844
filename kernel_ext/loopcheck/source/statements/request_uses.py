"""Where a fixture uses its `request` for something that only a test has."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import parsed_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import nodes_of, spans_line

OF_A_TEST = ("param", "cls", "instance", "function", "node", "keywords", "module", "path", "fspath")


def at(filename: str, line: int) -> str | None:
    """Return the expression in the statement at *line* that needs a test, also through a name."""
    around = parsed_files.enclosing(filename, line)
    if not around:
        return None
    statements = list(nodes_of(ast.stmt, around[0]))
    within = [one for one in statements if one is not around[0] and spans_line(one, line)]
    if not within:
        return None
    failing = min(within, key=lambda one: (one.end_lineno or one.lineno) - one.lineno)
    named = {
        part.id: chain
        for one in assignments_in(around[0])
        for part in (one.parts() if one.how == "assigned" else ())
        if isinstance(part, ast.Name)
        for chain in _of_request(one.value)
    }
    used = [named[n.id] for n in nodes_of(ast.Name, failing) if n.id in named]
    return next(iter([*_of_request(failing), *used]), None)


def _of_request(node: ast.AST) -> Iterator[str]:
    """Yield expressions such as `request.node.get_closest_marker("x")`, the longest first."""
    if _is_of_request(node):
        yield ast.unparse(node)
        return
    for child in ast.iter_child_nodes(node):
        yield from _of_request(child)


def _is_of_request(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _is_of_request(node.func)
    if not isinstance(node, ast.Attribute):
        return False
    if isinstance(node.value, ast.Name):
        return node.value.id == "request" and node.attr in OF_A_TEST
    return _is_of_request(node.value)
