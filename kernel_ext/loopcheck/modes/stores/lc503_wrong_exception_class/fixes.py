"""The edits of LC503: the class that is raised, where another is expected."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the class and its import."""
    source, line = sources.at(finding.where)
    what, *names = finding.remedy
    if what == "import":
        statement = source.statement_at(line)
        if not isinstance(statement, ast.ImportFrom):
            raise NoSplice("no import at that line")
        start, end = source.span(statement.names[0])[0], source.span(statement)[0]
        change = source.edit(end, start, f"from {names[0]} import ")
        yield Edits(changes=(change,), safe=True, words=f"import it from `{names[0]}`")
        return
    written, module, name, alias = names
    shown = source.imported(module, name) or alias or name
    place = _added if what == "add" else _replaced
    changes = [place(source, line, written, shown), *source.add_import(module, name, alias)]
    yield Edits(changes=tuple(changes), safe=True, words=f"expect `{module}.{name}`")


def _replaced(source: Source, line: int, written: str, shown: str) -> Edit:
    wanted = (written, written.rpartition(".")[2])
    for node in source.nodes_at(line):
        named = isinstance(node, ast.Name | ast.Attribute) and source.text_of(node) in wanted
        if named and node is not source.statement_at(line):
            return source.replace(node, shown)
    raise NoSplice("the class is named elsewhere")


def _added(source: Source, line: int, written: str, shown: str) -> Edit:
    for node in source.nodes_at(line):
        if isinstance(node, ast.Tuple) and node.elts:
            return source.put_after(node.elts[-1], f", {shown}")
    raise NoSplice(f"no list with `{written}` at that line")
