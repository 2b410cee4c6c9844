"""Tests that read asyncio's own log: they are about its message for a lost exception."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from loopcheck.process import objects
from loopcheck.source import calls, parsed_files, user_code
from loopcheck.source.values import meaning

LOGGER = "asyncio"
LOGS = frozenset({"caplog", "assertLogs"})
SHORTEST = 8  # letters of a message that are no coincidence
SHORT = 3  # the same if the line reads a log for them
LEVELS = frozenset({"ERROR", "exc_info", "exc_text"})  # asyncio logs a lost exception with these


def about(said: str, item: Any, error: tuple[str, ...] = ()) -> bool:
    """Return whether the test *item* looks in a log for *said*, a message of asyncio's.

    It may also look for the class or the message of the *error* that is logged with it.
    """
    function = getattr(item, "obj", None)
    code = user_code.function(function)
    block = parsed_files.function_of(code) if code else None
    if block is None:
        return False
    nodes = [node for statement in block.body for node in ast.walk(statement)]
    strings = set(_strings(nodes, function))
    words = said.partition("<")[0]  # what follows shows objects: "<Future cancelled>"
    if any(len(one) >= SHORTEST and one in words for one in strings):
        return True
    names = set(map(calls.last, nodes))
    if LOGS.isdisjoint(names):
        return False
    return LOGGER in strings or "exc_info" in names or _asks_log(block, (said, *error))


def _asks_log(block: ast.AST, texts: tuple[str, ...]) -> bool:
    """Return whether a line of *block* searches the log for one of *texts*, or for any errors."""
    logs = set(LOGS)
    for statement in parsed_files.statements(block):
        nodes = [node for part in _own(statement) for node in ast.walk(part)]
        if logs.isdisjoint(map(calls.last, nodes)):
            continue
        if isinstance(statement, ast.Assign):
            logs |= {one.id for one in statement.targets if isinstance(one, ast.Name)}
        if any(isinstance(node, ast.NotIn | ast.Not) for node in nodes):
            continue  # it expects that something is not there
        words = [node.value for node in nodes if isinstance(node, ast.Constant)]
        said = [word for word in words if type(word) is str and len(word) >= SHORT]
        if any(word in text for word in said for text in texts):
            return True
        if not LEVELS.isdisjoint((*said, *map(calls.last, nodes))):
            return True
    return False


def _own(statement: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions of *statement* itself: not the statements in its blocks."""
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield child


def _strings(nodes: list[ast.AST], function: Any) -> Iterator[str]:
    """Yield the strings in *nodes*, and those that their names refer to in the module."""
    known: meaning.Scope = objects.function_of(function) or {}
    for node in nodes:
        value = meaning.of(node, known) if isinstance(node, ast.Name | ast.Constant) else None
        if type(value) is str:
            yield value
