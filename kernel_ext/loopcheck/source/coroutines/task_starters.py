"""The calls that start a task: asyncio's own, and user functions that wrap them."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache

from loopcheck.source import calls, parsed_files
from loopcheck.source.definitions import Def, first_line

STARTERS = frozenset(
    {"create_task", "ensure_future", "start_soon", "spawn", "create_eager_task", "shield"}
)


def helpers(files: Iterable[str]) -> frozenset[str]:
    """Return the names of functions in *files* that start their argument: all of a name do."""
    texts = {file: parsed_files.text(file) for file in set(files)}
    mine = [file for file, text in texts.items() if any(word in text for word in STARTERS)]
    found: dict[str, bool] = {}
    for name, starts in (one for file in mine for one in _defined(file, texts.pop(file))):
        found[name] = starts and found.get(name, True)
    others = texts.values()  # searched, and not parsed: most files start nothing
    return frozenset(
        name
        for name, starts in found.items()
        if starts and not any(f"def {name}(" in text for text in others)
    )


@lru_cache(64)
def _defined(file: str, text: str) -> tuple[tuple[str, bool], ...]:
    """Return the functions of a file, and whether they start their argument."""
    tree = parsed_files.tree(file) if text else None
    nodes = parsed_files.statements(tree) if tree is not None else ()
    lines = sorted(one.node.lineno for one in calls.sites(file) if one.name in STARTERS)
    return tuple((one.name, _starts_any(one, lines)) for one in nodes if isinstance(one, Def))


def _starts_any(function: Def, lines: list[int]) -> bool:
    """Return whether *function* starts its argument; *lines* have the starting calls of its file.

    Few functions have one: the others need not be searched.
    """
    first = bisect_left(lines, first_line(function))
    if first == len(lines) or lines[first] > (function.end_lineno or function.lineno):
        return False
    return any(_starts(function))


def _starts(function: Def) -> Iterator[bool]:
    given = function.args
    names = {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and calls.last(call.func) in STARTERS:
            for one in call.args:
                made = one.func if isinstance(one, ast.Call) else one  # `create_task(job(*args))`
                yield isinstance(made, ast.Name) and made.id in names
