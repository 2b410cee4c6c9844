"""The edits of LC505: the fixture empties the store before it passes it on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes import loop_scopes
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.restored_containers import restore_after_each_test
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the `flushdb()` before the `yield`: a suggestion, since it deletes what is stored."""
    if finding.where is None or finding.subject is None:
        return
    if finding.remedy == ("restore",):
        name, kind = finding.subject.name, finding.subject.type
        if finding.test is not None:
            changes = restore_after_each_test(sources, finding.test, name, kind, finding.where)
            words = f"restore `{name}` after each test"
            yield Edits(changes=tuple(changes), safe=True, words=words)
        return
    source, line = sources.at(finding.where)
    function = source.statement_at(line)
    if finding.remedy == ("per_test",):
        yield _per_test(source, function, finding.subject.name.partition(".")[0])
        return
    if isinstance(function, ast.Assign):
        changes = _flushed_where_passed(source, function)
        words = "empty the store before each test"
        yield Edits(changes=tuple(changes), safe=False, words=words)
        return
    name, _, path = finding.subject.name.partition(".")
    changes = _flushed(source, function, name, f".{path}" if path else "")
    words = "empty the store before each test"
    yield Edits(changes=tuple(changes), safe=False, words=words)


def _per_test(source: Source, function: ast.stmt, name: str) -> Edits:
    """Return the change of the fixture's scope: a suggestion, since setting it up may be slow."""
    mark = source.decorator(function, "fixture") if isinstance(function, Def) else None
    if mark is None:
        raise NoSplice("its decorator is not there")
    changes = tuple(loop_scopes.make_per_test(source, mark))
    return Edits(changes=changes, safe=False, words=f"create `{name}` for each test")


def _flushed_where_passed(source: Source, made: ast.Assign) -> list[Edit]:
    """Return the change of the one fixture that yields the module's client."""
    name = source.text_of(made.targets[0])
    found = [
        (source.statement_of(node), function)
        for node in source.nodes()
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Name)
        if node.value.id == name and isinstance(function := source.function_of(node), Def)
    ]
    if len(found) != 1 or source.decorator(found[0][1], "fixture") is None:
        raise NoSplice("no fixture passes it on")
    [(statement, function)] = found
    await_ = "await " if isinstance(function, ast.AsyncFunctionDef) else ""
    return [source.insert_before(statement, f"{await_}{name}.flushdb()")]


def _flushed(source: Source, function: ast.stmt, name: str, path: str) -> list[Edit]:
    mark = (
        source.decorator(function, "fixture")
        if isinstance(function, ast.AsyncFunctionDef)
        else None
    )
    if mark is None or "scope=" in source.text_of(mark).replace("loop_scope=", ""):
        raise NoSplice("no async fixture creates it for each test")
    for node in source.nodes():
        if isinstance(node, ast.Yield) and source.function_of(node) is function:
            statement = source.statement_of(node)
            if node.value is None or not isinstance(statement, ast.Expr):
                break
            value = source.text_of(node.value)
            if isinstance(node.value, ast.Name | ast.Attribute):
                return [source.insert_before(statement, f"await {value}{path}.flushdb()")]
            lines = f"{name} = {value}", f"await {name}{path}.flushdb()"
            return [source.insert_before(statement, *lines), source.replace(node.value, name)]
    raise NoSplice("the fixture yields nothing")
