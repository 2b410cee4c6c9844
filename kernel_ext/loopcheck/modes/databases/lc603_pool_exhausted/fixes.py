"""The edits of LC603: an `async with` gives the connection back."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.entered_blocks import enter_where_made
from loopcheck.source.changes.project_sources import Sources


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the block around all that uses the connection."""
    source, line = sources.at(finding.where)
    changes = enter_where_made(source, source.statement_at(line))
    yield Edits(changes=tuple(changes), safe=True, words="take it with `async with`")
