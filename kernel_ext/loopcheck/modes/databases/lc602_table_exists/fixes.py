"""The edits of LC602: a declaration that runs once, a table that its fixture drops."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.light import replace
from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import names_in


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield what runs once, or what undoes it after each test."""
    source, line = sources.at(finding.where)
    match finding.remedy:
        case ("declare",):
            changes, words = _declared_once(source, line), "declare it once"
        case ("cache",):
            changes, words = _cached(source, line), "call it once with `functools.cache`"
        case (_, table, commit):
            changes = _dropped(source, line, table, commit=commit == "commit")
            words = f"drop `{table}` after each test: the data in it is lost"
            yield Edits(changes=tuple(changes), safe=False, words=words)
            return
    yield Edits(changes=tuple(changes), safe=True, words=words)


def _declared_once(source: Source, line: int) -> list[Edit]:
    """Return the changes that move a class out of the function that declares it at each call."""
    block = source.statement_at(line)
    function = source.function_of(block)
    if not isinstance(block, ast.ClassDef) or not isinstance(function, Def):
        raise NoSplice("no class in a function declares it")
    spec = function.args
    own = {one.arg for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}
    own |= {name for one in function.body if isinstance(one, ast.Assign) for name in _set(one)}
    if own & names_in(block) or source.parents(function)[0] is not source.tree:
        raise NoSplice("the class uses the function's own names")
    if function.name == block.name:
        return _moved_with_a_name(source, block, function)
    dropped, moved = source.move([block], function)
    return [dropped, replace(moved, text=f"{moved.text}\n\n")]


def _set(one: ast.Assign) -> set[str]:
    return names_in(*one.targets)


def _moved_with_a_name(source: Source, block: ast.ClassDef, function: Def) -> list[Edit]:
    """Return the changes that move a class out of a fixture of the same name, as `NameModel`."""
    name = source.free_name(f"{block.name}Model")
    dropped, moved = source.move([block], function)
    text = moved.text.replace(f"class {block.name}", f"class {name}", 1)
    uses = [
        source.replace(one, name)
        for one in source.nodes()
        if isinstance(one, ast.Name)
        and one.id == block.name
        and source.function_of(one) is function
    ]
    if block.name in names_in(*block.body):
        raise NoSplice("the class names itself")
    return [dropped, replace(moved, text=f"{text}\n\n"), *uses]


def _cached(source: Source, line: int) -> list[Edit]:
    """Return the changes that let a function create the table at its first call only."""
    function = source.function_of(source.statement_at(line))
    if not isinstance(function, ast.FunctionDef) or source.class_of(function) is not None:
        raise NoSplice("no function declares it")
    spec = function.args
    if spec.posonlyargs or spec.args or spec.vararg or spec.kwonlyargs or spec.kwarg:
        raise NoSplice("what it declares depends on its parameters")
    if source.decorator(function, "fixture") is not None or function.name.startswith("test"):
        raise NoSplice("pytest calls it once for each test")
    known = source.imported("functools", "cache")
    imports = [] if known else source.add_import("functools")
    mark = f"@{known or source.named('functools') + '.cache'}"
    return [source.insert_before(function, mark), *imports]


def _dropped(source: Source, line: int, table: str, *, commit: bool) -> list[Edit]:
    """Return the changes that drop the table after the `yield` of the fixture that creates it."""
    statement = source.statement_at(line)
    function = source.function_of(statement)
    if not isinstance(function, ast.AsyncFunctionDef):
        raise NoSplice("no async fixture creates it")
    if source.decorator(function, "fixture") is None:
        raise NoSplice("no fixture creates it")
    for node in source.nodes():
        if isinstance(node, ast.Yield) and source.function_of(node) is function:
            given = node.value
            if not isinstance(given, ast.Name) or given.id not in names_in(statement):
                break
            lines = [f'await {given.id}.execute("drop table {table}")']
            lines += [f"await {given.id}.commit()"] if commit else []
            return [source.insert_after(source.statement_of(node), *lines)]
    raise NoSplice("the fixture does not yield what creates it")
