"""What a function does after it has awaited another: directly, or through functions of its file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import calls, effects, parsed_files
from loopcheck.source.nodes import nodes_of

DEEPEST = 4  # functions between the one that waits and the one it waits for
Function = ast.FunctionDef | ast.AsyncFunctionDef


def steps_after_await(
    block: Function, name: str, file: str, depth: int = 0
) -> list[ast.AST] | None:
    """Return what follows in *block* after it has awaited *name*; None if it does not await it."""
    found: list[ast.AST] | None = None
    for node in ast.walk(block):
        called = node.value if isinstance(node, ast.Await) else None
        callee = calls.last(called.func) if isinstance(called, ast.Call) else None
        if called is None or callee is None:
            continue
        inner = [] if callee == name else _in_function(callee, name, file, depth + 1)
        if inner is not None:
            found = [*(found or ()), *inner, *_unconditional_after(block, called.lineno)]
    return found


def _unconditional_after(block: Function, line: int) -> Iterator[ast.AST]:
    """Yield what unconditionally follows *line* in *block*: a step may report that it was ended."""
    unsure = set[int]()
    choices = nodes_of((ast.If, ast.IfExp, ast.While), block)
    for one in (*choices, *nodes_of((ast.Match, ast.ExceptHandler), block)):
        lines = range(one.lineno, (one.end_lineno or one.lineno) + 1)
        unsure.update(lines if line not in lines[1:] else ())
    for step in effects.rest(block.body, line):
        yield from (node for node in ast.walk(step) if getattr(node, "lineno", 0) not in unsure)


def _in_function(callee: str, name: str, file: str, depth: int) -> list[ast.AST] | None:
    tree = parsed_files.tree(file) if depth < DEEPEST else None
    same = [
        one
        for one in (parsed_files.statements(tree) if tree is not None else ())
        if isinstance(one, ast.AsyncFunctionDef) and one.name == callee
    ]
    return steps_after_await(same[0], name, file, depth) if len(same) == 1 else None
