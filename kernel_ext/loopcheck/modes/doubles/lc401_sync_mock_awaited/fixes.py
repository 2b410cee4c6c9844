"""The edits of LC401: an AsyncMock, or an async fake."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes import mock_edits
from loopcheck.source.changes.project_sources import Sources


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the async mock."""
    what, path = finding.remedy
    source, line = sources.at(finding.where)
    if what == "fake":
        changes, words = mock_edits.make_fake_async(source, line), "make it async"
    else:
        changes, words = mock_edits.make_kind(source, line, what, path, "AsyncMock")
    yield Edits(changes=tuple(changes), safe=True, words=words)
