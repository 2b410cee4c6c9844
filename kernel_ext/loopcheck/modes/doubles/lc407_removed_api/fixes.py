"""The edits of LC407: what replaces the removed argument or name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, dotted
from loopcheck.source.changes.splices import Source


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the call without the argument, or with the new name."""
    source, line = sources.at(finding.where)
    what, owner, instead = finding.remedy
    if what.endswith("="):
        changes = _argument(source, line, what.removesuffix("="), instead)
    else:
        changes = _name(source, line, owner, instead)
    yield Edits(changes=tuple(changes), safe=True, words=f"use {instead.partition(':')[0]}")


def _argument(source: Source, line: int, name: str, instead: str) -> list[Edit]:
    for call in source.calls_at(line):
        for keyword in call.keywords:
            if keyword.arg != name:
                continue
            if instead.startswith(("leave", "nothing")):
                return [source.drop_argument(call, keyword)]
            if instead.startswith("transport="):
                said = f"transport=httpx.ASGITransport(app={source.text_of(keyword.value)})"
                return [source.replace(keyword, said), *source.add_import("httpx")]
    raise NoSplice("the argument is passed elsewhere")


def _name(source: Source, line: int, owner: str, instead: str) -> list[Edit]:
    new = instead.partition("(")[0]
    if "," in instead or " " in new or "." not in new:
        raise NoSplice("more than a name changes")
    for node in source.nodes_at(line):
        if isinstance(node, ast.Attribute) and dotted(node) == owner:
            return [source.replace(node, new), *source.add_import(new.partition(".")[0])]
    raise NoSplice("the name is used elsewhere")
