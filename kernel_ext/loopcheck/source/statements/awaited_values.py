"""What code awaits, enters or iterates over: the values at a line, and the calls of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from loopcheck.records import Wanted
from loopcheck.source import calls, modules, parsed_files
from loopcheck.source.nodes import spans_line


def awaited_at(function: ast.AST, line: int) -> Iterator[ast.expr]:
    """Yield what *line* of *function* awaits or enters, innermost first; else what it calls."""
    found: list[tuple[int, ast.expr]] = []
    called: list[tuple[int, ast.expr]] = []
    for node in ast.walk(function):
        for one in _awaited_by(node):
            if spans_line(one, line):
                found.append((_length(one), one))
        if isinstance(node, ast.Call) and spans_line(node, line):
            called.append((_length(node), node))
    for _, one in sorted(found or called, key=lambda pair: pair[0]):
        yield one


def _awaited_by(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Await):
        yield node.value
    elif isinstance(node, ast.AsyncWith | ast.With):
        yield from (item.context_expr for item in node.items)
    elif isinstance(node, ast.AsyncFor):
        yield node.iter


def _length(node: ast.expr) -> int:
    return ((node.end_lineno or node.lineno) - node.lineno) * 1_000 + (node.end_col_offset or 0)


@lru_cache(modules.FILES)
def only_taken_so(text: str, owner: str, name: str, wanted: Wanted) -> bool:
    """Return whether `owner.name` is only ever called as *wanted*, or configured."""
    module = parsed_files.parse(text)
    nodes = list(ast.walk(module)) if module is not None else []
    fine = {id(one.func) for one in calls_taken(text, wanted)}
    fine |= {id(one.value) for one in nodes if isinstance(one, ast.Attribute)}
    return all(
        id(one) in fine or isinstance(one.ctx, ast.Store)
        for one in nodes
        if isinstance(one, ast.Attribute) and one.attr == name and calls.last(one.value) == owner
    )


@parsed_files.kept(modules.FILES)
def calls_taken(text: str, wanted: Wanted) -> tuple[ast.Call, ...]:
    """Return the calls whose results the file with this *text* uses as *wanted*."""
    module = parsed_files.parse(text)
    nodes = ast.walk(module) if module is not None else ()
    return tuple(
        one for node in nodes for one in _taken_by(node, wanted) if isinstance(one, ast.Call)
    )


def _taken_by(node: ast.AST, wanted: Wanted) -> list[ast.expr]:
    match node:
        case ast.Await(value=value) if wanted == "await":
            return [value]
        case ast.AsyncWith(items=items) if wanted == "async with":
            return [one.context_expr for one in items]
        case ast.AsyncFor(iter=rows) if wanted == "async for":
            return [rows]
        case ast.comprehension(iter=rows, is_async=1) if wanted == "async for":
            return [rows]
    return []
