"""The comparison that makes a line raise: `if self._loop is not loop: raise …`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import parsed_files
from loopcheck.source.nodes import body_spans_line


def found_different(filename: str, line: int) -> Iterator[tuple[ast.Attribute, ast.expr]]:
    """Yield an attribute and what it is compared with: *line* raises as they are not the same."""
    standing = list(parsed_files.standing_at(filename, line))
    if not any(isinstance(node, ast.Raise) for node in standing):
        return
    for node in standing:
        if isinstance(node, ast.If):
            wanted = (ast.IsNot, ast.NotEq)
            yield from _compared(
                node.test, wanted if body_spans_line(node.body, line) else (ast.Is, ast.Eq)
            )


def _compared(
    test: ast.expr, wanted: tuple[type[ast.cmpop], ...]
) -> Iterator[tuple[ast.Attribute, ast.expr]]:
    for node in ast.walk(test):
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]) if isinstance(op, wanted):
                for one, other in ((left, right), (right, left)):
                    if isinstance(one, ast.Attribute):
                        yield one, other
