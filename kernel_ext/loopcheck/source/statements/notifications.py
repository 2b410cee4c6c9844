"""Whether a function, one that it calls, or its caller notifies after a line of it."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import PurePath

from loopcheck.light import dataclass
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in, nodes_of, spans_line

NOTIFIES = frozenset({"notify", "notify_all"})
DEEPEST = 3  # calls to follow, and callers


def follows(file: str, function: Def, line: int, deep: int = DEEPEST, called: str = "") -> bool:
    """Return whether a waiting task is notified after *line* of *function* in *file*.

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
        follows(there, caller, at, deep - 1, function.name)
        for there, caller, at in _read(_files()).callers.get(function.name, ())
        if caller is not function and _knows(there, file, function)
    )


def _knows(there: str, file: str, function: Def) -> bool:
    """Return whether code of the file *there* may mean *function* of *file* by its name."""
    if there == file or PurePath(file).stem in parsed_files.text(there):
        return True
    kind, tree = parsed_files.class_of(file, function), parsed_files.tree(there)
    if kind is not None:
        return kind.name in parsed_files.text(there)
    return tree is not None and parsed_files.imported_from(tree, function.name) is not None


def notifying_functions() -> frozenset[str]:
    """Return the names of the functions that notify, themselves or through others."""
    return _read(_files()).notifying


@dataclass(frozen=True)
class _Project:
    """Which functions of the project notify, and where each name is called."""

    notifying: frozenset[str]
    callers: Mapping[str, Sequence[tuple[str, Def, int]]]


def _files() -> tuple[tuple[str, str], ...]:
    return tuple((one, parsed_files.text(one)) for one in dict.fromkeys(project_files.files()))


@lru_cache(4)
def _read(files: tuple[tuple[str, str], ...]) -> _Project:
    called: dict[str, set[str]] = {}
    callers: dict[str, list[tuple[str, Def, int]]] = {}
    for file, _ in files:
        for one in nodes_of((ast.FunctionDef, ast.AsyncFunctionDef), parsed_files.tree(file)):
            for call in calls_in(one):
                if (name := calls.last(call.func)) is not None:
                    called.setdefault(one.name, set()).add(name)
                    callers.setdefault(name, []).append((file, one, call.lineno))
    found = set(NOTIFIES)
    for _ in range(DEEPEST):
        found |= {name for name, inner in called.items() if inner & found}
    return _Project(frozenset(found), callers)


def _repeats(function: Def, *lines: int) -> bool:
    """Return whether a loop of *function* runs all *lines*."""
    turns = nodes_of((ast.For, ast.While, ast.AsyncFor), function)
    return any(all(spans_line(one, line) for line in lines) for one in turns)
