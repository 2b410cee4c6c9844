"""A pool that is created only if there is none, and closed without resetting its name.

`if _pool is None: _pool = await create_pool(…)` checks a name, not a state: after `_pool.close()`
the name still refers to the closed pool.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import parsed_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import nodes_of, spans_line

CLOSES = frozenset({"close", "terminate", "dispose", "aclose", "disconnect"})
Function = ast.FunctionDef | ast.AsyncFunctionDef


def asked_at(file: str, closed: int, made: int) -> tuple[str, int] | None:
    """Return what the line *closed* closes, and the line that checks it before *made* runs."""
    name = next(_closed(file, closed), None)
    block = next(iter(parsed_files.enclosing(file, made)), None) if name is not None else None
    if name is None or block is None:
        return None
    target = next(_made(block, made), None)
    if target is None or _last(target) != _last(name):
        return None
    line = next(_questions(block, made, target), None)
    return (name, line) if line is not None else None


def _closed(file: str, line: int) -> Iterator[str]:
    for node in parsed_files.standing_at(file, line):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=does)) if does in CLOSES:
                if isinstance(owner, ast.Name | ast.Attribute):
                    yield ast.unparse(owner)


def _made(block: Function, line: int) -> Iterator[str]:
    for one in assignments_in(block):
        if one.how == "assigned" and one.line <= line <= (one.value.end_lineno or one.line):
            yield ast.unparse(one.target)


def _questions(block: Function, line: int, target: str) -> Iterator[int]:
    """Yield the checks in *block* that let *line* run only if *target* is not set yet."""
    for node in nodes_of(ast.If, block):
        if _says_none(node.test, target) and any(spans_line(one, line) for one in node.body):
            yield node.lineno
        over = (node.end_lineno or node.lineno) < line
        if over and _says_some(node.test, target) and isinstance(node.body[-1], ast.Return):
            yield node.lineno


def _says_none(test: ast.expr, target: str) -> bool:
    return ast.unparse(test) in (f"{target} is None", f"not {target}")


def _says_some(test: ast.expr, target: str) -> bool:
    return ast.unparse(test) in (f"{target} is not None", target)


def _last(name: str) -> str:
    return name.rpartition(".")[2]
