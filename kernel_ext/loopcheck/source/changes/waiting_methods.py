"""The methods of a project that only wait for work: `bus.drain()`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source.bindings import ends
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

WAITS = ("gather", "wait", "wait_for", "join")  # for tasks, for an event, for a queue


def waiters(
    source: Source, function: ast.AsyncFunctionDef, statement: ast.stmt, sources: Sources
) -> Iterator[str]:
    """Yield the calls that wait for the work of an object which the test has used: `bus.drain()`.

    The class of the object has the method that the test called, and one that only waits.
    """
    used: dict[tuple[str, str], None] = {}
    for node in source.nodes():
        if source.function_of(node) is function and isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(value=ast.Name(id=name), attr=method):
                    if node.lineno < statement.lineno:
                        used[name, method] = None
    found: dict[str, None] = {}
    for name, method in used:
        for other in sources.naming(f"def {method}("):
            for one in other.functions(method):
                block = other.class_of(one)
                waits = [each for each in block.body if _only_waits(each)] if block else []
                found |= {f"{name}.{each.name}()": None for each in waits if isinstance(each, Def)}
    said = {f"{name}.{method}()" for name, method in used}
    yield from (one for one in found if one not in said)


def _only_waits(method: ast.stmt) -> bool:
    """True of a public async method without arguments that waits, and neither ends nor returns."""
    if not isinstance(method, ast.AsyncFunctionDef) or method.name.startswith("_"):
        return False
    if ends(method.name) or len(method.args.args) != 1 or method.decorator_list:
        return False
    called = [one for one in ast.walk(method) if isinstance(one, ast.Call)]
    results = [one for one in ast.walk(method) if isinstance(one, ast.Return) and one.value]
    names = {called_name(one) or "" for one in called}
    waits = [
        one.value
        for one in ast.walk(method)
        if isinstance(one, ast.Await) and isinstance(one.value, ast.Call)
    ]
    return (
        bool(waits)
        and not results
        and all(called_name(one) in WAITS for one in waits)
        and not any(name.startswith(("cancel", "put", "set")) or ends(name) for name in names)
    )
