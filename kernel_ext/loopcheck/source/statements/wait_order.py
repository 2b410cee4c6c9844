"""Where a function waits, in the order in which it gets there."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from types import CodeType

from loopcheck.source import parsed_files

WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)
APART = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def only_wait(code: CodeType) -> int | None:
    """Return the line of the only `await` in a coroutine's *code*, None if there are several."""
    block = parsed_files.function_of(code)
    found = list(waits_in_order(block.body)) if block is not None else []
    lines = {getattr(one, "lineno", 0) for one in found}
    return lines.pop() if len(lines) == 1 else None


def waits_in_order(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes that wait, in the order of execution: inner ones come first."""
    for node in nodes:
        if isinstance(node, ast.AsyncWith):
            yield from waits_in_order(node.items)
            yield node
            yield from waits_in_order(node.body)
        elif not isinstance(node, APART):
            yield from waits_in_order(ast.iter_child_nodes(node))
            if isinstance(node, WAITS):
                yield node
