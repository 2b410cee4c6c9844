"""The functions that the project runs in threads of its own: by name, so rather too many."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.nodes import calls_in, nodes_of

# They call one of their arguments in another thread.
TAKERS = frozenset(
    {"Thread", "Timer", "submit", "map", "run_in_executor", "to_thread", "run_sync"}
    | {"start_new_thread"}
)
_THREAD = frozenset({"Thread", "Timer"})
Functions = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def names() -> frozenset[str]:
    """Return the names of the plain functions that a thread runs, also through other functions."""
    texts = tuple(sorted({parsed_files.text(file) for file in project_files.files()}))
    return _reached(texts)


def takes_function(call: ast.Call) -> bool:
    """Return whether *call* is that of a class or function that runs its argument in a thread."""
    return calls.last(call.func) in TAKERS


@lru_cache(8)
def _reached(texts: tuple[str, ...]) -> frozenset[str]:
    trees = [tree for text in texts if text and (tree := parsed_files.parse(text)) is not None]
    called: dict[str, set[str]] = {}
    for tree in trees:
        for one in nodes_of(ast.FunctionDef, tree):
            called.setdefault(one.name, set()).update(_called_in(one))
    todo, found = {name for tree in trees for name in _entries(tree)}, set[str]()
    while todo:
        found |= todo
        todo = {each for one in todo for each in called.get(one, ()) if each in called} - found
    return frozenset(found)


def _called_in(*roots: ast.AST) -> set[str]:
    return {name for one in calls_in(*roots) if (name := calls.last(one.func)) is not None}


def _entries(tree: ast.Module) -> Iterator[str]:
    """Yield the names that are passed to what starts threads, and `run` of a class of threads."""
    for call in calls_in(tree):
        if takes_function(call):
            for given in (*call.args, *(one.value for one in call.keywords)):
                name = calls.last(given)
                if name is not None:
                    yield name
                elif isinstance(given, ast.Lambda):
                    yield from _called_in(given.body)
    for kind in nodes_of(ast.ClassDef, tree):
        if any(calls.last(base) in _THREAD for base in kind.bases):
            yield "run"
