"""The functions that the project runs in threads of its own: by name, so rather too many."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from loopcheck.source import bindings, calls, parsed_files, project_files
from loopcheck.source.nodes import calls_in, nodes_of

TAKERS = calls.MAYBE_TO_THREADS | calls.MAPS | {"start_new_thread"}
_THREAD = frozenset({"Thread", "Timer"})
_TAKES = re.compile(rf"\b(?:{'|'.join(sorted(TAKERS))})\b")
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
    if not any(map(_TAKES.search, texts)):
        return frozenset()
    trees = [tree for text in texts if text and (tree := parsed_files.parse(text)) is not None]
    functions = [one for tree in trees for one in nodes_of(ast.FunctionDef, tree)]
    called: dict[str, set[str]] = {}
    for one in functions:
        called.setdefault(one.name, set()).update(_called_in(one))
    found = _closure({name for tree in trees for name in _entries(tree)}, called)
    outer = {inner: one for one in functions for inner in nodes_of(ast.FunctionDef, *one.body)}
    if any(_calls_back(one, outer.get(one), called) for one in functions if one.name in found):
        found = _closure(found | (_passed_on(trees) & called.keys()), called)
    return frozenset(found)


def _closure(names: set[str], called: Mapping[str, set[str]]) -> set[str]:
    """Return *names* and those of the project's functions that they call."""
    todo, found = set(names), set[str]()
    while todo:
        found |= todo
        todo = {each for one in todo for each in called.get(one, ()) if each in called} - found
    return found


def _calls_back(
    function: ast.FunctionDef, outer: ast.FunctionDef | None, called: Mapping[str, set[str]]
) -> bool:
    """Return whether *function* calls what others gave it, or the *outer* one that defines it.

    It does if it calls a variable, or an attribute of its own. That may be any function that the
    project passes on: `bus.subscribe(self.take)`.
    """
    variables = {one.id for one in nodes_of(ast.Name, function) if isinstance(one.ctx, ast.Store)}
    variables |= bindings.parameters(function)
    variables |= bindings.parameters(outer) if outer is not None else set()
    for call in calls_in(function):
        match call.func:
            case ast.Name(id=name) if name in variables:
                return True
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name not in called:
                return True
    return False


def _passed_on(trees: Iterable[ast.Module]) -> set[str]:
    """Return the names that calls get as arguments, of functions among others."""
    calls_of_all = (one for tree in trees for one in calls_in(tree))
    given = (each for one in calls_of_all for each in (*one.args, *(k.value for k in one.keywords)))
    return {name for one in given if (name := calls.last(one)) is not None}


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
