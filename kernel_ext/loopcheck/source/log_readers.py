"""Tests that read asyncio's own log: what it says of a lost exception is what they are about."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from loopcheck.source import calls, parsed_files, user_code

LOGGER = "asyncio"
LOGS = frozenset({"caplog", "assertLogs"})
SHORTEST = 8  # letters of a message that are no accident


def about(said: str, item: Any) -> bool:
    """Return whether the test *item* looks for *said*, a message of asyncio's."""
    function = getattr(item, "obj", None)
    code = user_code.function(function)
    block = parsed_files.function_at(code.co_filename, code.co_firstlineno) if code else None
    if block is None:
        return False
    nodes = [node for statement in block.body for node in ast.walk(statement)]
    strings = set(_strings(nodes, function))
    if any(len(one) >= SHORTEST and one in said for one in strings):
        return True
    names = set(map(calls.last, nodes))
    return not LOGS.isdisjoint(names) and (LOGGER in strings or "exc_info" in names)


def _strings(nodes: list[ast.AST], function: Any) -> Iterator[str]:
    """Yield the strings that *nodes* say, or that a name of theirs stands for in the module."""
    function = getattr(function, "__func__", function)
    below = inspect.unwrap(function) if type(function) is FunctionType else None
    known = below.__globals__ if type(below) is FunctionType else {}
    for node in nodes:
        value = known.get(node.id) if isinstance(node, ast.Name) else None
        value = node.value if isinstance(node, ast.Constant) else value
        if type(value) is str:
            yield value
