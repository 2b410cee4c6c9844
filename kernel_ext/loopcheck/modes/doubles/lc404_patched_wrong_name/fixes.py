"""The edits of LC404: the patch replaces the name that the code looks up."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the patch of the other name, or the import of the module itself."""
    source, line = sources.at(finding.where)
    if finding.remedy[0] == "module":
        changes = list(_through_module(source, line, finding.remedy[1]))
        yield Edits(changes=tuple(changes), safe=True, words=f"read `{finding.remedy[1]}`")
        return
    _, target, name = finding.remedy
    changes = list(_retargeted(source, line, target, name))
    yield Edits(changes=tuple(changes), safe=True, words=f"patch `{name}`")


def _retargeted(source: Source, line: int, target: str, name: str) -> Iterator[Edit]:
    for node in source.nodes_at(line):
        if isinstance(node, ast.Constant) and node.value == target:
            yield source.replace(node, f'"{name}"')
            yield from _strictly(source, node)
            return
    attribute = target.rpartition(".")[2]
    for call in source.calls_at(line):
        match call:
            case ast.Call(args=[thing, ast.Constant(value=said), *_]) if said == attribute:
                start, end = source.span(thing)[0], source.span(call.args[1])[1]
                yield source.edit(start, end, f'"{name}"')
                if called_name(call) == "object":
                    function = source.text_of(call.func).removesuffix(".object")
                    yield source.replace(call.func, function)
                yield from _strictly(source, call.args[1])
                return
    raise NoSplice("no patch of it at that line")


def _strictly(source: Source, node: ast.AST) -> Iterator[Edit]:
    """Yield the changes that let the patch refuse a name that is not there."""
    call = source.parents(node)[0]
    if isinstance(call, ast.Call):
        for name in ("raising", "create"):
            yield from source.drop_keyword(call, name)


def _through_module(source: Source, line: int, target: str) -> Iterator[Edit]:
    """Yield the changes of `from module import name` and all uses of the name."""
    module, _, name = target.rpartition(".")
    statement = source.statement_at(line)
    if not isinstance(statement, ast.ImportFrom) or len(statement.names) != 1:
        raise NoSplice("the import brings other names, too")
    [alias] = statement.names
    yield source.replace(statement, f"import {module}")
    for node in source.nodes():
        if isinstance(node, ast.Name) and node.id == (alias.asname or alias.name):
            if not isinstance(node.ctx, ast.Load):
                raise NoSplice("the name is assigned, too")
            yield source.replace(node, f"{module}.{name}")
