"""The code that starts a coroutine after receiving its function: `create_task(factory())`."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from loopcheck.source import calls, parsed_files
from loopcheck.source.coroutines.task_starters import STARTERS

TAKERS = STARTERS | {"gather"}
_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)


def line(name: str, reached: frozenset[str], files: Iterable[str]) -> calls.Call | None:
    """Return the only call in the functions *reached* that may start what it received.

    None if code calls the coroutine function *name* by its name: then that call shows what starts
    it.
    """
    texts = {file: text for file in set(files) if (text := parsed_files.text(file))}
    if calls.calls(texts, name):
        return None
    starting = [file for file, text in texts.items() if any(one in text for one in TAKERS)]
    takers: set[str | None] = {
        one for one in TAKERS if not any(f"def {one}(" in text for text in texts.values())
    }
    found = [one for file in starting for one in _open(file, takers, texts.values())]
    there = [(call, sure) for call, sure in found if call.function in reached]
    return there[0][0] if len(there) == 1 and there[0][1] else None


def _open(
    file: str, takers: Collection[str | None], texts: Iterable[str]
) -> Iterator[tuple[calls.Call, bool]]:
    """Yield the calls that start an unknown coroutine, and whether a local name provides it."""
    tree = parsed_files.tree(file)
    for node in ast.walk(tree) if tree is not None else ():
        if not isinstance(node, ast.Call) or (taker := calls.last(node.func)) not in takers:
            continue
        around = parsed_files.enclosing(file, node.lineno)
        own = _names(around[0]) if around else frozenset()
        for given in node.args:
            if not _is_open(given, texts):
                continue
            made = given.func if isinstance(given, ast.Call) else None
            sure = isinstance(made, ast.Name) and made.id in own
            function = around[0].name if around else None
            end = node.end_lineno or node.lineno
            yield calls.Call(file, node.lineno, end, taker or "", function), sure
            break


def _is_open(given: ast.expr, texts: Iterable[str]) -> bool:
    """Return whether *given* may be a coroutine of any function: no `def` has the called name."""
    if isinstance(given, ast.Starred) and any(map(_of_attribute, ast.walk(given))):
        return False  # what an object keeps in order to gather it in the end are tasks
    if not isinstance(given, ast.Call):
        return not isinstance(given, ast.Constant)
    called = calls.last(given.func)
    return called is None or not any(f"def {called}(" in text for text in texts)


def _of_attribute(node: ast.AST) -> bool:
    owner = node.value if isinstance(node, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "self"


def _names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """Return the local names of *function* that are no functions: arguments, and assigned names."""
    inner = {one.name for one in ast.walk(function) if isinstance(one, _DEFS)}
    own = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
    return frozenset(own - inner)
