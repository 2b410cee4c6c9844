"""The edit of LC215: a shield around what is awaited."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.nodes import nodes_of


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the shield."""
    source, line = sources.at(finding.where)
    _, awaited = finding.remedy
    parts = (
        node
        for one in source.nodes_at(line)
        if isinstance(one, ast.Await)
        for node in nodes_of(ast.expr, one.value)
        if ast.unparse(node) == awaited
    )
    found = next(parts, None)
    if found is None:
        raise NoSplice("no `await` of it at that line")
    change = source.replace(found, f"{source.named('asyncio')}.shield({source.text_of(found)})")
    changes = (change, *source.add_import("asyncio"))
    yield Edits(changes=changes, safe=True, words="await it through a shield")
