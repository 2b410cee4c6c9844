"""Whether a function, one that it calls, or its caller notifies after a line of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in, nodes_of, own_nodes, spans_line

NOTIFIES = frozenset({"notify", "notify_all"})
DEEPEST = 3  # calls to follow, and callers


def follows(function: Def, line: int, deep: int = DEEPEST, called: str = "") -> bool:
    """Return whether a waiting task is notified after *line* of *function*, however far away.

    Names alone say it, so rather too often. A notification before the line counts in the same
    `async with`: who is notified gets the lock when the block ends. *called* is the function that
    the line calls.
    """
    names = notifying_functions()
    blocks = [one for one in nodes_of(ast.AsyncWith, function) if spans_line(one, line)]
    for call in calls_in(function):
        name = calls.last(call.func)
        if name in names and not (name == called and call.lineno == line):
            inside = any(spans_line(one, call.lineno) for one in blocks)
            if call.lineno >= line or inside or _repeats(function, line, call.lineno):
                return True
    return deep > 0 and any(
        follows(caller, at, deep - 1, function.name)
        for caller, at in _callers(function.name)
        if caller is not function
    )


def notifying_functions() -> frozenset[str]:
    """Return the names of the functions that notify, themselves or through others."""
    found = set(NOTIFIES)
    called = {one.name: _called_in(one) for one in _functions()}
    for _ in range(DEEPEST):
        found |= {name for name, inner in called.items() if inner & found}
    return frozenset(found)


def _repeats(function: Def, *lines: int) -> bool:
    """Return whether a loop of *function* runs all *lines*."""
    turns = nodes_of((ast.For, ast.While, ast.AsyncFor), function)
    return any(all(spans_line(one, line) for line in lines) for one in turns)


def _callers(name: str) -> Iterator[tuple[Def, int]]:
    for function in _functions():
        for node in own_nodes(function):
            if isinstance(node, ast.Call) and calls.last(node.func) == name:
                yield function, node.lineno


def _called_in(function: Def) -> set[str]:
    return {name for one in calls_in(function) if (name := calls.last(one.func)) is not None}


def _functions() -> Iterator[Def]:
    for file in dict.fromkeys(project_files.files()):
        yield from nodes_of((ast.FunctionDef, ast.AsyncFunctionDef), parsed_files.tree(file))
